import type { Operation } from '../../src/kernel/operation.ts';
import { counterValue } from '../../src/services/counter.ts';
import { decodeResult, decodeSwapArgument, KvStatus } from '../../src/services/versioned-value.ts';

/** What a history check needs to know of an operation that ended. */
export interface Outcome {
  /** The object's place in its own order: how many writes it had seen, this one included. NaN if the result tells nothing. */
  readonly value: number;
  /** Whether the object was left as it was. */
  readonly read: boolean;
  /** Fingerprint of the content that was written or read; 0 if there is none. */
  readonly content: number;
}

/** Reads off a service's operations and results what its history check works on. */
export interface HistoryModel {
  /** Fingerprint of what an operation writes if it is carried out. */
  contentOf(operation: Operation): number;
  outcomeOf(operation: Operation, query: boolean, result: Uint8Array): Outcome;
}

const counterModel: HistoryModel = {
  contentOf: () => 0,
  outcomeOf: (_operation, query, result) => ({ value: counterValue(result) ?? Number.NaN, read: query, content: 0 }),
};

const kvModel: HistoryModel = {
  contentOf({ method, argument }) {
    if (method === 'put') return fingerprint(argument);
    if (method !== 'compareAndSwap') return 0;
    const swap = decodeSwapArgument(argument);
    return swap === undefined ? 0 : fingerprint(swap.value);
  },
  outcomeOf(operation, query, bytes) {
    const result = decodeResult(bytes);
    if (result === undefined || (result.status === KvStatus.noSuchKey) !== (query && result.version === 0)) {
      return { value: Number.NaN, read: query, content: 0 };
    }
    const { status, version, payload } = result;
    if (query) return { value: version, read: true, content: status === KvStatus.done ? fingerprint(payload) : 0 };
    const read = status !== KvStatus.done;
    return { value: version, read, content: read ? 0 : kvModel.contentOf(operation) };
  },
};

/** For services whose results tell nothing about order. */
const noModel: HistoryModel = {
  contentOf: () => 0,
  outcomeOf: (_operation, query) => ({ value: Number.NaN, read: query, content: 0 }),
};

const models: ReadonlyMap<string, HistoryModel> = new Map([
  ['counter', counterModel],
  ['kv', kvModel],
]);

export function historyModelOf(service: string): HistoryModel {
  return models.get(service) ?? noModel;
}

/** FNV-1a, 32 bits, never 0. Tells contents apart that differ by accident; nobody forges against a check. */
function fingerprint(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0 || 1;
}
