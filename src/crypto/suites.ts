import { blake3 } from './blake3.ts';
import { hmacSha256 } from './hmac-sha256.ts';
import { blake2b, loadSodium, type Sodium, siphash24 } from './libsodium.ts';
import type { MacSuite } from './mac-suite.ts';

export const DEFAULT_SUITE = hmacSha256.name;

const portable: readonly MacSuite[] = [hmacSha256, blake3];
const native = { blake2b, 'siphash-2-4': siphash24 };

export const suiteNames: readonly string[] = [...portable.map((suite) => suite.name), ...Object.keys(native)];

/** Those that this platform can run. */
export function availableSuites(load: () => Sodium | undefined = loadSodium): readonly MacSuite[] {
  const sodium = load();
  return sodium === undefined ? portable : [...portable, ...Object.values(native).map((make) => make(sodium))];
}

/** Throws an Error that a person can act on if there is no such suite, or none here. */
export function macSuite(name: string, load: () => Sodium | undefined = loadSodium): MacSuite {
  const suite = availableSuites(load).find((candidate) => candidate.name === name);
  if (suite !== undefined) return suite;
  if (!suiteNames.includes(name)) throw new Error(`unknown MAC suite '${name}'; there are ${suiteNames.join(', ')}`);
  throw new Error(`MAC suite '${name}' needs libsodium, for which this platform has no binary; use ${DEFAULT_SUITE}`);
}
