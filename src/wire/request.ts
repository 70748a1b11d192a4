import { type ClientId, LAST_PARTICIPANT } from '../kernel/identifiers.ts';
import type { Operation } from '../kernel/operation.ts';
import { Limit } from './limits.ts';
import { decoding, pack } from './packing.ts';

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
  return pack([client, number, operation.object, operation.method, operation.argument]);
}

export function decodeRequest(bytes: Uint8Array): ClientRequest | undefined {
  return decoding(bytes, (fields) => {
    const client = fields.integer(LAST_PARTICIPANT);
    const number = fields.integer(Number.MAX_SAFE_INTEGER);
    const object = fields.string(Limit.objectNameLength);
    const method = fields.string(Limit.methodNameLength);
    const argument = fields.bytes(0, Limit.argumentBytes);
    fields.end();
    return { client, number, operation: { object, method, argument } };
  });
}
