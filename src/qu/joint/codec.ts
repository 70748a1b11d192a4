import { Limit } from '../../wire/limits.ts';
import { type Field, type FieldReader, MalformedMessage, pack } from '../../wire/packing.ts';
import {
  MessageKind,
  readEntries,
  readHistory,
  readHistorySet,
  readNumber,
  readReplicaSet,
  readTag,
  readTimestamp,
} from '../fields.ts';
import {
  bindingFields,
  LEAST_JOINT_OBJECTS,
  MOST_JOINT_OBJECTS,
  objectFields,
  readBindings,
  readObjects,
} from './binding.ts';
import type { JointBody, JointMessage, JointReply, JointRequest, ShownObject } from './message.ts';

const MOST_ENTRY_BYTES = 64;

export function encodeJoint(message: Exclude<JointMessage, JointRequest>): Uint8Array {
  switch (message.type) {
    case 'jointHistoryQuery':
      return pack([
        MessageKind.jointHistoryQuery,
        message.number,
        ...objectFields(message.objects),
        message.coverage,
        message.tag,
      ]);
    case 'jointReply': {
      const { number, accepted, result, shown, bindings, tag } = message;
      const objects = shown.flatMap(({ history, authenticator }) => [history, authenticator]);
      const kind = MessageKind.jointReply;
      return pack([kind, number, accepted, result, shown.length, ...objects, ...bindingFields(bindings), tag]);
    }
  }
}

/** What is the same for all receivers of a round. */
export function jointBodyFields({
  number,
  objects,
  timestamp,
  historySets,
  bindings,
  coverage,
  payload,
}: JointBody): Field[] {
  const sets = historySets.map(({ bytes }) => bytes);
  return [
    number,
    ...objectFields(objects),
    timestamp,
    ...sets,
    ...bindingFields(bindings),
    coverage,
    payload.length,
    ...payload,
  ];
}

/** Throws MalformedMessage for kinds that are none of the joint ones. */
export function readJoint(
  kind: number,
  fields: FieldReader,
  replicas: number,
  mostResultBytes: number = Limit.resultBytes,
): JointMessage {
  switch (kind) {
    case MessageKind.jointUpdate:
    case MessageKind.jointRepair: {
      const body = readBody(fields, replicas);
      const mostEntriesBytes = body.objects.length * replicas * MOST_ENTRY_BYTES;
      return {
        type: kind === MessageKind.jointUpdate ? 'jointUpdate' : 'jointRepair',
        body,
        entries: fields.bytes(replicas, mostEntriesBytes),
        tag: readTag(fields),
      };
    }
    case MessageKind.jointHistoryQuery:
      return {
        type: 'jointHistoryQuery',
        number: readNumber(fields),
        objects: readObjects(fields),
        coverage: readReplicaSet(fields, replicas),
        tag: readTag(fields),
      };
    case MessageKind.jointReply:
      return readReply(fields, replicas, mostResultBytes);
    default:
      throw new MalformedMessage('kind');
  }
}

function readBody(fields: FieldReader, replicas: number): JointBody {
  const number = readNumber(fields);
  const objects = readObjects(fields, LEAST_JOINT_OBJECTS);
  const timestamp = readTimestamp(fields);
  const historySets = objects.map(() => readHistorySet(fields, replicas));
  const bindings = readBindings(fields);
  const coverage = readReplicaSet(fields, replicas);
  const payload = Array.from({ length: fields.integer(MOST_JOINT_OBJECTS) }, () => fields.bytes(1, Limit.messageBytes));
  return { number, objects, timestamp, historySets, bindings, coverage, payload };
}

function readReply(fields: FieldReader, replicas: number, mostResultBytes: number): JointReply {
  const number = readNumber(fields);
  const accepted = fields.boolean();
  const result = fields.bytes(0, mostResultBytes);
  const shown: ShownObject[] = Array.from({ length: fields.integer(MOST_JOINT_OBJECTS) }, () => ({
    history: readHistory(fields),
    authenticator: readEntries(fields, replicas),
  }));
  return {
    type: 'jointReply',
    number,
    accepted,
    result,
    shown,
    bindings: readBindings(fields),
    tag: readTag(fields),
  };
}
