import type { Protocol } from '../../src/kernel/erased-protocol.ts';
import type { ServiceDefinition } from '../../src/kernel/service.ts';
import type { Runtime } from '../runtimes/runtime.ts';

/** What a suite can name. */
export interface Catalog {
  readonly protocols: readonly Protocol[];
  readonly services: readonly ServiceDefinition[];
  readonly runtimes: readonly Runtime[];
}

/** Throws an Error that a person can act on; suites are checked before, so it does not come to that. */
export function named<Entry extends { readonly name: string }>(
  entries: readonly Entry[],
  kind: string,
  name: string,
): Entry {
  const entry = entries.find((candidate) => candidate.name === name);
  if (entry === undefined) throw new Error(`unknown ${kind} '${name}'`);
  return entry;
}
