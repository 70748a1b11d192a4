import type { Operation } from '../../src/kernel/operation.ts';
import { counterValue } from '../../src/services/counter.ts';
import { decodeNfsResult } from '../../src/services/nfs/result.ts';
import { decodeTransferArgument, decodeTransferResult, makeBalanceValue } from '../../src/services/transfer.ts';
import { decodeResult, decodeSwapArgument, KvStatus } from '../../src/services/versioned-value.ts';

/** What a history check needs to know of what an operation did to one object. */
export interface ObjectOutcome {
  /** The object's place in its own order: how many writes it had seen, this one included. NaN if the result tells nothing. */
  readonly value: number;
  /** Whether the object was left as it was. */
  readonly read: boolean;
  /** Fingerprint of the content that was written or read; 0 if there is none. */
  readonly content: number;
}

/** What a history check needs to know of an operation that ended: what it did to its first object, and to the others in their order. */
export interface Outcome extends ObjectOutcome {
  /** Present if and only if there are others. */
  readonly others?: readonly ObjectOutcome[];
}

/** Reads off a service's operations and results what its history check works on. */
export interface HistoryModel {
  /** Fingerprint of what an operation writes to its first object if it is carried out; 0 if that depends on what it finds there. */
  contentOf(operation: Operation): number;
  /** An update of several objects either writes all of them or leaves all as they were: the checks rely on it where the outcome is unknown. */
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
    if (operation.method === 'transfer') return outcomeOfTransfer(operation, bytes);
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

function outcomeOfTransfer({ argument }: Operation, bytes: Uint8Array): Outcome {
  const result = decodeTransferResult(bytes);
  const note = decodeTransferArgument(argument)?.note;
  const outcomeAt = (key: 'giver' | 'receiver'): ObjectOutcome => {
    if (result === undefined || note === undefined) return { value: Number.NaN, read: false, content: 0 };
    const { version, balance } = result[key];
    if (balance === undefined) return { value: version, read: true, content: 0 };
    return { value: version, read: false, content: fingerprint(makeBalanceValue(balance, note)) };
  };
  return { ...outcomeAt('giver'), others: [outcomeAt('receiver')] };
}

/** Versions alone: what is in a directory follows from the order of what was done to it. */
const nfsModel: HistoryModel = {
  contentOf: () => 0,
  outcomeOf({ others = [] }, query, bytes) {
    const result = decodeNfsResult(bytes);
    const isWhole = result?.versions.length === 1 + others.length;
    const outcomeAt = (index: number): ObjectOutcome => ({
      value: (isWhole ? result?.versions[index] : undefined) ?? Number.NaN,
      read: query || result?.wrote === false,
      content: 0,
    });
    const first = outcomeAt(0);
    return others.length === 0 ? first : { ...first, others: others.map((_, index) => outcomeAt(index + 1)) };
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
  ['nfs', nfsModel],
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
