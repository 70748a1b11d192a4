import { type ClientId, LAST_PARTICIPANT } from '../kernel/identifiers.ts';
import type { Operation } from '../kernel/operation.ts';
import { Limit } from './limits.ts';
import { decoding, type Field, type FieldReader, MalformedMessage, pack } from './packing.ts';

const NO_OTHERS: readonly string[] = [];

/**
 * An operation as a client asks for it: the same bytes under every protocol, encoded once by the client and forwarded as they
 * are. Client and number make it unique, which is what "exactly once" counts by; a client's numbers ascend.
 */
export interface ClientRequest {
  readonly client: ClientId;
  readonly number: number;
  readonly operation: Operation;
}

export function encodeRequest(client: ClientId, number: number, operation: Operation): Uint8Array {
  const { object, method, argument, others } = operation;
  const fields: Field[] = [client, number, object, method, argument];
  if (others !== undefined) fields.push(...others);
  return pack(fields);
}

export function decodeRequest(bytes: Uint8Array): ClientRequest | undefined {
  return decoding(bytes, readRequest);
}

function readRequest(fields: FieldReader): ClientRequest {
  const client = fields.integer(LAST_PARTICIPANT);
  const number = fields.integer(Number.MAX_SAFE_INTEGER);
  const object = fields.string(Limit.objectNameLength);
  const method = fields.string(Limit.methodNameLength);
  const argument = fields.bytes(0, Limit.argumentBytes);
  const others = fields.remaining === 0 ? NO_OTHERS : readOthers(fields, object);
  return { client, number, operation: { object, method, argument, others } };
}

function readOthers(fields: FieldReader, object: string): string[] {
  if (fields.remaining > Limit.otherObjects) throw new MalformedMessage('too many objects');
  const names = new Set([object]);
  while (fields.remaining > 0) {
    const before = names.size;
    names.add(fields.string(Limit.objectNameLength));
    if (names.size === before) throw new MalformedMessage('an object named twice');
  }
  return [...names].slice(1);
}
