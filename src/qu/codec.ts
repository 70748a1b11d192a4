import type { MessageCodec } from '../kernel/codec.ts';
import { shortLivedCopyOf } from '../wire/bytes.ts';
import { Limit } from '../wire/limits.ts';
import { decoding, type FieldReader, MalformedMessage, pack } from '../wire/packing.ts';
import { decodeHistorySet } from './history-set.ts';
import type {
  ConditionedQuery,
  EncodedHistorySet,
  QuMessage,
  RepairBody,
  RepairRequest,
  UpdateBody,
  UpdateRequest,
} from './message.ts';
import { CANDIDATE_BYTES, isReplicaHistory, MOST_CANDIDATES, type ReplicaHistory } from './replica-history.ts';
import { replicaSetBytes } from './replica-set.ts';
import { TIMESTAMP_BYTES } from './timestamp.ts';

const UPDATE = 0;
const REPAIR = 1;
const QUERY = 2;
const REPLY = 3;
const SYNC_REQUEST = 4;
const SYNC_REPLY = 5;
const CONDITIONED_QUERY = 6;
const HISTORY_QUERY = 7;
const LAST_TYPE = HISTORY_QUERY;

const CONDITIONED_TYPES = { update: UPDATE, repair: REPAIR, conditionedQuery: CONDITIONED_QUERY } as const;

const MOST_TAG_BYTES = 64;
/** MessagePack's header of a byte string of less than 256 bytes, as a tag is. */
const SHORT_BYTES_HEADER = 2;

export function quCodec(replicas: number): MessageCodec<QuMessage> {
  const conditioned = new ConditionedEncoder();
  return {
    encode: (message) => encode(message, conditioned),
    decode: (bytes) => decoding(bytes, (fields) => read(fields, replicas)),
  };
}

/**
 * Encodes the requests of one round, which differ in their last two fields only: packed once, then copied and written over at the end, where
 * those two byte strings have fixed places.
 */
class ConditionedEncoder {
  #body: UpdateBody | RepairBody | undefined;
  #packed: Uint8Array = new Uint8Array(0);

  encode(message: UpdateRequest | RepairRequest | ConditionedQuery): Uint8Array {
    const { body, entries, tag } = message;
    if (body !== this.#body) {
      const subject = message.type === 'repair' ? message.body.object : message.body.request;
      const { number, timestamp, historySet, coverage } = body;
      const type = CONDITIONED_TYPES[message.type];
      this.#packed = pack([type, number, subject, timestamp, historySet.bytes, coverage, entries, tag]);
      this.#body = body;
      return this.#packed;
    }
    const bytes = shortLivedCopyOf(this.#packed);
    const tagOffset = bytes.length - tag.length;
    bytes.set(tag, tagOffset);
    bytes.set(entries, tagOffset - SHORT_BYTES_HEADER - entries.length);
    return bytes;
  }
}

function encode(message: QuMessage, conditioned: ConditionedEncoder): Uint8Array {
  switch (message.type) {
    case 'update':
    case 'repair':
    case 'conditionedQuery':
      return conditioned.encode(message);
    case 'historyQuery':
      return pack([HISTORY_QUERY, message.number, message.object, message.coverage, message.tag]);
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
  switch (fields.integer(LAST_TYPE)) {
    case UPDATE: {
      const body = readUpdateBody(fields, replicas, setBytes);
      return { type: 'update', body, entries: readEntries(fields, replicas), tag: readTag(fields) };
    }
    case CONDITIONED_QUERY: {
      const body = readUpdateBody(fields, replicas, setBytes);
      return { type: 'conditionedQuery', body, entries: readEntries(fields, replicas), tag: readTag(fields) };
    }
    case HISTORY_QUERY:
      return {
        type: 'historyQuery',
        number: readNumber(fields),
        object: fields.string(Limit.objectNameLength),
        coverage: fields.bytes(setBytes, setBytes),
        tag: readTag(fields),
      };
    case REPAIR: {
      const body = {
        number: readNumber(fields),
        object: fields.string(Limit.objectNameLength),
        timestamp: readTimestamp(fields),
        historySet: readHistorySet(fields, replicas),
        coverage: fields.bytes(setBytes, setBytes),
      };
      return { type: 'repair', body, entries: readEntries(fields, replicas), tag: readTag(fields) };
    }
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
        authenticator: readEntries(fields, replicas),
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
        version: fields.bytes(0, Limit.messageBytes),
        tag: readTag(fields),
      };
  }
}

function readUpdateBody(fields: FieldReader, replicas: number, setBytes: number): UpdateBody {
  return {
    number: readNumber(fields),
    request: fields.bytes(1, Limit.messageBytes),
    timestamp: readTimestamp(fields),
    historySet: readHistorySet(fields, replicas),
    coverage: fields.bytes(setBytes, setBytes),
  };
}

function readNumber(fields: FieldReader): number {
  return fields.integer(Number.MAX_SAFE_INTEGER);
}

function readTimestamp(fields: FieldReader): Uint8Array {
  return fields.bytes(TIMESTAMP_BYTES, TIMESTAMP_BYTES);
}

function readEntries(fields: FieldReader, replicas: number): Uint8Array {
  return fields.bytes(replicas, replicas * MOST_TAG_BYTES);
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
  const { histories, indexes } = decodeHistorySet(bytes, replicas);
  return { histories, indexes, bytes };
}
