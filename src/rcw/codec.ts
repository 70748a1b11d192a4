import type { MessageCodec } from '../kernel/codec.ts';
import { type ConditionedEncoder, encodeShared, objectCodec, readShared } from '../qu/codec.ts';
import {
  MessageKind,
  readEntries,
  readHistorySet,
  readNumber,
  readObjectName,
  readReplicaSet,
  readTag,
  readTimestamp,
} from '../qu/fields.ts';
import { type FieldReader, pack } from '../wire/packing.ts';
import type { RcwMessage } from './message.ts';
import { MOST_VALUE_BYTES } from './value.ts';

export function rcwCodec(replicas: number): MessageCodec<RcwMessage> {
  return objectCodec(replicas, encode, read);
}

function encode(message: RcwMessage, conditioned: ConditionedEncoder): Uint8Array {
  switch (message.type) {
    case 'write':
      return conditioned.encode(MessageKind.update, message, [message.body.object, message.body.value]);
    case 'read': {
      const { number, object, forUpdate, coverage, tag } = message;
      return pack([MessageKind.query, number, object, forUpdate, coverage, tag]);
    }
    default:
      return encodeShared(message, conditioned);
  }
}

function read(kind: number, fields: FieldReader, replicas: number): RcwMessage {
  switch (kind) {
    case MessageKind.update:
      return {
        type: 'write',
        body: {
          number: readNumber(fields),
          object: readObjectName(fields),
          value: fields.bytes(1, MOST_VALUE_BYTES),
          timestamp: readTimestamp(fields),
          historySet: readHistorySet(fields, replicas),
          coverage: readReplicaSet(fields, replicas),
        },
        entries: readEntries(fields, replicas),
        tag: readTag(fields),
      };
    case MessageKind.query:
      return {
        type: 'read',
        number: readNumber(fields),
        object: readObjectName(fields),
        forUpdate: fields.boolean(),
        coverage: readReplicaSet(fields, replicas),
        tag: readTag(fields),
      };
    default:
      return readShared(kind, fields, replicas, MOST_VALUE_BYTES);
  }
}
