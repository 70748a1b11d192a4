import { Limit } from '../wire/limits.ts';
import { type FieldReader, MalformedMessage } from '../wire/packing.ts';
import { decodeHistorySet, type EncodedHistorySet } from './history-set.ts';
import { CANDIDATE_BYTES, isReplicaHistory, MOST_CANDIDATES, type ReplicaHistory } from './replica-history.ts';
import { type ReplicaSet, replicaSetBytes } from './replica-set.ts';
import { TIMESTAMP_BYTES } from './timestamp.ts';

/** The first field of a message. An update of Read/Conditional-Write is a write, a query of it a read. */
export const MessageKind = {
  update: 0,
  repair: 1,
  query: 2,
  reply: 3,
  syncRequest: 4,
  syncReply: 5,
  conditionedQuery: 6,
  historyQuery: 7,
  jointUpdate: 8,
  jointRepair: 9,
  jointHistoryQuery: 10,
  jointReply: 11,
} as const;
export const LAST_KIND = MessageKind.jointReply;

const MOST_TAG_BYTES = 64;

export function readObjectName(fields: FieldReader): string {
  return fields.string(Limit.objectNameLength);
}

export function readReplicaSet(fields: FieldReader, replicas: number): ReplicaSet {
  const bytes = replicaSetBytes(replicas);
  return fields.bytes(bytes, bytes);
}

export function readNumber(fields: FieldReader): number {
  return fields.integer(Number.MAX_SAFE_INTEGER);
}

export function readTimestamp(fields: FieldReader): Uint8Array {
  return fields.bytes(TIMESTAMP_BYTES, TIMESTAMP_BYTES);
}

export function readEntries(fields: FieldReader, replicas: number): Uint8Array {
  return fields.bytes(replicas, replicas * MOST_TAG_BYTES);
}

export function readTag(fields: FieldReader): Uint8Array {
  return fields.bytes(1, MOST_TAG_BYTES);
}

export function readHistory(fields: FieldReader): ReplicaHistory {
  const history = fields.bytes(CANDIDATE_BYTES, MOST_CANDIDATES * CANDIDATE_BYTES);
  if (!isReplicaHistory(history)) throw new MalformedMessage('history');
  return history;
}

export function readHistorySet(fields: FieldReader, replicas: number): EncodedHistorySet {
  const bytes = fields.bytes(1, Limit.messageBytes);
  const { histories, indexes } = decodeHistorySet(bytes, replicas);
  return { histories, indexes, bytes };
}
