import { blake3 } from './blake3.ts';
import { hmacSha256 } from './hmac-sha256.ts';
import { blake2b, type LoadedSodium, loadedSodium, siphash24 } from './libsodium.ts';
import type { MacSuite } from './mac-suite.ts';

export const DEFAULT_SUITE = hmacSha256.name;

const portable: readonly MacSuite[] = [hmacSha256, blake3];
const libsodiumSuites = { blake2b, 'siphash-2-4': siphash24 };

export const suiteNames: readonly string[] = [...portable.map((suite) => suite.name), ...Object.keys(libsodiumSuites)];

/** Those that can run here. */
export function availableSuites(libsodium: LoadedSodium = loadedSodium): readonly MacSuite[] {
  if ('missing' in libsodium) return portable;
  return [...portable, ...Object.values(libsodiumSuites).map((make) => make(libsodium.sodium))];
}

/** Throws an Error that a person can act on if there is no such suite, or none here. */
export function macSuite(name: string, libsodium: LoadedSodium = loadedSodium): MacSuite {
  const suite = availableSuites(libsodium).find((candidate) => candidate.name === name);
  if (suite !== undefined) return suite;
  if (!suiteNames.includes(name)) throw new Error(`unknown MAC suite '${name}'; there are ${suiteNames.join(', ')}`);
  throw new Error(`MAC suite '${name}' ${whyMissing(libsodium)}; use ${DEFAULT_SUITE}`);
}

/** Why the suites of libsodium are not among those available. */
export function whyMissing(libsodium: LoadedSodium = loadedSodium): string {
  return `needs libsodium as WebAssembly, which can't run here: ${'missing' in libsodium ? libsodium.missing : ''}`;
}
