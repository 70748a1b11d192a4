import type { MessageCodec } from '../kernel/codec.ts';
import { shortLivedCopyOf } from '../wire/bytes.ts';
import { Limit } from '../wire/limits.ts';
import { decoding, type Field, type FieldReader, pack } from '../wire/packing.ts';
import {
  LAST_KIND,
  MessageKind,
  readEntries,
  readHistory,
  readHistorySet,
  readNumber,
  readObjectName,
  readReplicaSet,
  readTag,
  readTimestamp,
} from './fields.ts';
import { encodeJoint, jointBodyFields, readJoint } from './joint/codec.ts';
import type { JointRequest } from './joint/message.ts';
import type {
  ConditionedBody,
  ConditionedRequest,
  QuMessage,
  RepairBody,
  SharedMessage,
  UpdateBody,
} from './message.ts';

/** MessagePack's header of a byte string of less than 256 bytes, as a tag is. */
const SHORT_BYTES_HEADER = 2;

export function quCodec(replicas: number): MessageCodec<QuMessage> {
  return objectCodec(replicas, encode, read);
}

/** A codec of the messages that Q/U and Read/Conditional-Write share; their own ones are encoded and read by these functions. */
export function objectCodec<Message extends { readonly type: string }>(
  replicas: number,
  encodeOwn: (message: Message, conditioned: ConditionedEncoder) => Uint8Array,
  readOwn: (kind: number, fields: FieldReader, replicas: number) => Message,
): MessageCodec<Message> {
  const conditioned = new ConditionedEncoder();
  return {
    kinds: Object.keys(MessageKind),
    encode: (message) => encodeOwn(message, conditioned),
    decode: (bytes) =>
      decoding(bytes, (fields) => {
        const message = readOwn(fields.integer(LAST_KIND), fields, replicas);
        fields.end();
        return message;
      }),
  };
}

/**
 * Encodes the requests of one round, which differ in their last two fields only: packed once, then copied and written over at the end, where
 * those two byte strings have fixed places.
 */
export class ConditionedEncoder {
  #body: object | undefined;
  #packed: Uint8Array = new Uint8Array(0);

  /** `subject`: what the request has beside the fields that all of them have. */
  encode(kind: number, message: ConditionedRequest<ConditionedBody>, subject: readonly Field[]): Uint8Array {
    const { body, entries, tag } = message;
    if (body === this.#body) return this.#packedWith(entries, tag);
    const { number, timestamp, historySet, coverage } = body;
    return this.#pack(body, [kind, number, ...subject, timestamp, historySet.bytes, coverage, entries, tag]);
  }

  encodeJoint({ type, body, entries, tag }: JointRequest): Uint8Array {
    if (body === this.#body) return this.#packedWith(entries, tag);
    return this.#pack(body, [MessageKind[type], ...jointBodyFields(body), entries, tag]);
  }

  #pack(body: object, fields: readonly Field[]): Uint8Array {
    this.#packed = pack(fields);
    this.#body = body;
    return this.#packed;
  }

  #packedWith(entries: Uint8Array, tag: Uint8Array): Uint8Array {
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
    case 'conditionedQuery':
      return conditioned.encode(MessageKind[message.type], message, [message.body.request]);
    case 'historyQuery':
      return pack([MessageKind.historyQuery, message.number, message.object, message.coverage, message.tag]);
    case 'query':
      return pack([MessageKind.query, message.number, message.request, message.coverage, message.tag]);
    default:
      return encodeShared(message, conditioned);
  }
}

export function encodeShared(message: SharedMessage, conditioned: ConditionedEncoder): Uint8Array {
  switch (message.type) {
    case 'repair':
      return conditioned.encode(MessageKind.repair, message, [message.body.object]);
    case 'reply': {
      const { number, accepted, result, history, authenticator, tag } = message;
      return pack([MessageKind.reply, number, accepted, result, history, authenticator, tag]);
    }
    case 'syncRequest':
      return pack([MessageKind.syncRequest, message.object, message.timestamp, message.tag]);
    case 'syncReply':
      return pack([MessageKind.syncReply, message.object, message.timestamp, message.version, message.tag]);
    case 'jointUpdate':
    case 'jointRepair':
      return conditioned.encodeJoint(message);
    default:
      return encodeJoint(message);
  }
}

function read(kind: number, fields: FieldReader, replicas: number): QuMessage {
  switch (kind) {
    case MessageKind.update:
      return {
        type: 'update',
        body: readUpdateBody(fields, replicas),
        entries: readEntries(fields, replicas),
        tag: readTag(fields),
      };
    case MessageKind.conditionedQuery:
      return {
        type: 'conditionedQuery',
        body: readUpdateBody(fields, replicas),
        entries: readEntries(fields, replicas),
        tag: readTag(fields),
      };
    case MessageKind.historyQuery:
      return {
        type: 'historyQuery',
        number: readNumber(fields),
        object: readObjectName(fields),
        coverage: readReplicaSet(fields, replicas),
        tag: readTag(fields),
      };
    case MessageKind.query:
      return {
        type: 'query',
        number: readNumber(fields),
        request: fields.bytes(1, Limit.messageBytes),
        coverage: readReplicaSet(fields, replicas),
        tag: readTag(fields),
      };
    default:
      return readShared(kind, fields, replicas);
  }
}

/** Bodies are written out, kind by kind: spread out of common parts they are objects that every later access to them is slow on. */
function readUpdateBody(fields: FieldReader, replicas: number): UpdateBody {
  return {
    number: readNumber(fields),
    request: fields.bytes(1, Limit.messageBytes),
    timestamp: readTimestamp(fields),
    historySet: readHistorySet(fields, replicas),
    coverage: readReplicaSet(fields, replicas),
  };
}

/** Throws MalformedMessage for kinds that are none of the shared ones. */
export function readShared(
  kind: number,
  fields: FieldReader,
  replicas: number,
  mostResultBytes: number = Limit.resultBytes,
): SharedMessage {
  switch (kind) {
    case MessageKind.repair:
      return {
        type: 'repair',
        body: readRepairBody(fields, replicas),
        entries: readEntries(fields, replicas),
        tag: readTag(fields),
      };
    case MessageKind.reply:
      return {
        type: 'reply',
        number: readNumber(fields),
        accepted: fields.boolean(),
        result: fields.bytes(0, mostResultBytes),
        history: readHistory(fields),
        authenticator: readEntries(fields, replicas),
        tag: readTag(fields),
      };
    case MessageKind.syncRequest:
      return {
        type: 'syncRequest',
        object: readObjectName(fields),
        timestamp: readTimestamp(fields),
        tag: readTag(fields),
      };
    case MessageKind.syncReply:
      return {
        type: 'syncReply',
        object: readObjectName(fields),
        timestamp: readTimestamp(fields),
        version: fields.bytes(0, Limit.messageBytes),
        tag: readTag(fields),
      };
    default:
      return readJoint(kind, fields, replicas, mostResultBytes);
  }
}

function readRepairBody(fields: FieldReader, replicas: number): RepairBody {
  return {
    number: readNumber(fields),
    object: readObjectName(fields),
    timestamp: readTimestamp(fields),
    historySet: readHistorySet(fields, replicas),
    coverage: readReplicaSet(fields, replicas),
  };
}
