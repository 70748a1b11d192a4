import { blake3 } from './blake3.ts';
import { hmacSha256 } from './hmac-sha256.ts';
import { blake2b, type Sodium, siphash24, sodium } from './libsodium.ts';
import type { MacSuite } from './mac-suite.ts';

export const DEFAULT_SUITE = hmacSha256.name;

const portable: readonly MacSuite[] = [hmacSha256, blake3];
const libsodiumSuites = { blake2b, 'siphash-2-4': siphash24 };

export const suiteNames: readonly string[] = [...portable.map((suite) => suite.name), ...Object.keys(libsodiumSuites)];

/** Those that this platform can run. */
export function availableSuites(library: Sodium | null = sodium): readonly MacSuite[] {
  return library === null ? portable : [...portable, ...Object.values(libsodiumSuites).map((make) => make(library))];
}

/** Throws an Error that a person can act on if there is no such suite, or none here. */
export function macSuite(name: string, library: Sodium | null = sodium): MacSuite {
  const suite = availableSuites(library).find((candidate) => candidate.name === name);
  if (suite !== undefined) return suite;
  if (!suiteNames.includes(name)) throw new Error(`unknown MAC suite '${name}'; there are ${suiteNames.join(', ')}`);
  throw new Error(`MAC suite '${name}' needs libsodium as WebAssembly, which can't run here; use ${DEFAULT_SUITE}`);
}
