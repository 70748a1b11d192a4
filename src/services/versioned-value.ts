import { readUint53, writeUint53 } from '../wire/integers.ts';

const VERSION_BYTES = 8;
const HEADER_BYTES = 1 + VERSION_BYTES;

/** How an operation on a key ended. */
export const KvStatus = { done: 0, noSuchKey: 1, otherVersion: 2, badRequest: 3, noBalance: 4 } as const;

type KvStatus = (typeof KvStatus)[keyof typeof KvStatus];

/**
 * A key's state is the number of times that it was written, and the value written last; empty before the first time. The number makes a
 * compare-and-swap immune to values that come back, and tells a history check the order of all writes and reads of the key.
 */
export function versionOf(state: Uint8Array): number {
  return state.length < VERSION_BYTES ? 0 : readUint53(state, 0);
}

export function contentOf(state: Uint8Array): Uint8Array {
  return state.subarray(VERSION_BYTES);
}

export function makeState(version: number, value: Uint8Array): Uint8Array {
  const state = new Uint8Array(VERSION_BYTES + value.length);
  writeUint53(state, 0, version);
  state.set(value, VERSION_BYTES);
  return state;
}

/** A result: status, the key's version afterwards, and the value that was read or a message for people. */
export function makeResult(status: KvStatus, version: number, payload: Uint8Array): Uint8Array {
  const result = new Uint8Array(HEADER_BYTES + payload.length);
  result[0] = status;
  writeUint53(result, 1, version);
  result.set(payload, HEADER_BYTES);
  return result;
}

export interface KvResult {
  readonly status: KvStatus;
  readonly version: number;
  readonly payload: Uint8Array;
}

/** Views of `bytes`; undefined if it is no result of this service. */
export function decodeResult(bytes: Uint8Array): KvResult | undefined {
  const status = Object.values(KvStatus).find((known) => known === bytes[0]);
  if (bytes.length < HEADER_BYTES || status === undefined) return undefined;
  return { status, version: readUint53(bytes, 1), payload: bytes.subarray(HEADER_BYTES) };
}

/** The argument of a compare-and-swap: the version that is to be replaced, and the new value. */
export function makeSwapArgument(version: number, value: Uint8Array): Uint8Array {
  return makeState(version, value);
}

/** Undefined if there is not even a version. */
export function decodeSwapArgument(argument: Uint8Array): { version: number; value: Uint8Array } | undefined {
  if (argument.length < VERSION_BYTES) return undefined;
  return { version: versionOf(argument), value: contentOf(argument) };
}
