import type { MessageCodec } from '../kernel/codec.ts';
import { Limit } from '../wire/limits.ts';
import { decoding, type FieldReader, MalformedMessage, pack } from '../wire/packing.ts';
import { decodeHistorySet } from './history-set.ts';
import type { EncodedHistorySet, QuMessage } from './message.ts';
import { CANDIDATE_BYTES, isReplicaHistory, MOST_CANDIDATES, type ReplicaHistory } from './replica-history.ts';
import { replicaSetBytes } from './replica-set.ts';
import { TIMESTAMP_BYTES } from './timestamp.ts';

const UPDATE = 0;
const REPAIR = 1;
const QUERY = 2;
const REPLY = 3;
const SYNC_REQUEST = 4;
const SYNC_REPLY = 5;

const MOST_TAG_BYTES = 64;

export function quCodec(replicas: number): MessageCodec<QuMessage> {
  return { encode, decode: (bytes) => decoding(bytes, (fields) => read(fields, replicas)) };
}

function encode(message: QuMessage): Uint8Array {
  switch (message.type) {
    case 'update': {
      const { number, request, timestamp, historySet, entries, coverage, tag } = message;
      return pack([UPDATE, number, request, timestamp, historySet.bytes, entries, coverage, tag]);
    }
    case 'repair': {
      const { number, object, timestamp, historySet, entries, coverage, tag } = message;
      return pack([REPAIR, number, object, timestamp, historySet.bytes, entries, coverage, tag]);
    }
    case 'query':
      return pack([QUERY, message.number, message.request, message.coverage, message.tag]);
    case 'reply': {
      const { number, accepted, result, history, authenticator, tag } = message;
      return pack([REPLY, number, accepted, result, history, authenticator, tag]);
    }
    case 'syncRequest':
      return pack([SYNC_REQUEST, message.object, message.timestamp, message.tag]);
    case 'syncReply':
      return pack([SYNC_REPLY, message.object, message.timestamp, message.version, message.tag]);
  }
}

function read(fields: FieldReader, replicas: number): QuMessage {
  const message = readFields(fields, replicas);
  fields.end();
  return message;
}

function readFields(fields: FieldReader, replicas: number): QuMessage {
  const setBytes = replicaSetBytes(replicas);
  switch (fields.integer(SYNC_REPLY)) {
    case UPDATE:
      return {
        type: 'update',
        number: readNumber(fields),
        request: fields.bytes(1, Limit.messageBytes),
        timestamp: readTimestamp(fields),
        historySet: readHistorySet(fields, replicas),
        entries: fields.bytes(replicas, replicas * MOST_TAG_BYTES),
        coverage: fields.bytes(setBytes, setBytes),
        tag: readTag(fields),
      };
    case REPAIR:
      return {
        type: 'repair',
        number: readNumber(fields),
        object: fields.string(Limit.objectNameLength),
        timestamp: readTimestamp(fields),
        historySet: readHistorySet(fields, replicas),
        entries: fields.bytes(replicas, replicas * MOST_TAG_BYTES),
        coverage: fields.bytes(setBytes, setBytes),
        tag: readTag(fields),
      };
    case QUERY:
      return {
        type: 'query',
        number: readNumber(fields),
        request: fields.bytes(1, Limit.messageBytes),
        coverage: fields.bytes(setBytes, setBytes),
        tag: readTag(fields),
      };
    case REPLY:
      return {
        type: 'reply',
        number: readNumber(fields),
        accepted: fields.boolean(),
        result: fields.bytes(0, Limit.resultBytes),
        history: readHistory(fields),
        authenticator: fields.bytes(replicas, replicas * MOST_TAG_BYTES),
        tag: readTag(fields),
      };
    case SYNC_REQUEST:
      return {
        type: 'syncRequest',
        object: fields.string(Limit.objectNameLength),
        timestamp: readTimestamp(fields),
        tag: readTag(fields),
      };
    default:
      return {
        type: 'syncReply',
        object: fields.string(Limit.objectNameLength),
        timestamp: readTimestamp(fields),
        version: fields.bytes(1, Limit.messageBytes),
        tag: readTag(fields),
      };
  }
}

function readNumber(fields: FieldReader): number {
  return fields.integer(Number.MAX_SAFE_INTEGER);
}

function readTimestamp(fields: FieldReader): Uint8Array {
  return fields.bytes(TIMESTAMP_BYTES, TIMESTAMP_BYTES);
}

function readTag(fields: FieldReader): Uint8Array {
  return fields.bytes(1, MOST_TAG_BYTES);
}

function readHistory(fields: FieldReader): ReplicaHistory {
  const history = fields.bytes(CANDIDATE_BYTES, MOST_CANDIDATES * CANDIDATE_BYTES);
  if (!isReplicaHistory(history)) throw new MalformedMessage('history');
  return history;
}

function readHistorySet(fields: FieldReader, replicas: number): EncodedHistorySet {
  const bytes = fields.bytes(1, Limit.messageBytes);
  return { bytes, ...decodeHistorySet(bytes, replicas) };
}
