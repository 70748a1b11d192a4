import type { Authentication } from '../kernel/authentication.ts';
import type { ClientId } from '../kernel/identifiers.ts';
import type { Service } from '../kernel/service.ts';
import { type AppliedTable, lastApplied, readTable, tableFields, withApplied } from '../qu/version.ts';
import { concatenated, copyOf, sameBytes } from '../wire/bytes.ts';
import { Limit } from '../wire/limits.ts';
import { decoding, pack } from '../wire/packing.ts';
import { Scratch } from '../wire/scratch.ts';

/**
 * What a conditional write writes: an object's state and, for every client that has updated it, that client's last operation with its
 * result. The table is in the value for the same reason as in Q/U's versions (version.ts there): it follows the line of versions that survives, so
 * a client whose write was accepted by some replicas and then overtaken reads from it whether somebody has finished the write.
 */
export interface Value {
  readonly state: Uint8Array;
  readonly applied: AppliedTable;
}

/** Room for a history set, and for a history with its authenticator, beside it in a message. */
export const MOST_VALUE_BYTES = Limit.messageBytes / 2;

const scratch = new Scratch();
/** No history's digest begins so: there a name's length stands first. */
const VALUE_MARK = 0xff;

export function encodeValue({ state, applied }: Value): Uint8Array {
  return pack([state, ...tableFields(applied)]);
}

/** The state is a view of `bytes`. Undefined if they are no value. */
export function decodeValue(bytes: Uint8Array): Value | undefined {
  if (bytes.length > MOST_VALUE_BYTES) return undefined;
  return decoding(bytes, (fields) => ({
    state: fields.bytes(0, MOST_VALUE_BYTES),
    applied: readTable(fields),
  }));
}

/**
 * What stands for a write in its candidate's timestamp. It covers the value, so that no timestamp ever stands for two values and anybody's copy of
 * a version can be checked against its timestamp; and the object's name, so that a write cannot be led to another object.
 */
export function valueDigest(authentication: Authentication, objectName: Uint8Array, value: Uint8Array): Uint8Array {
  const input = scratch.ofLength(3 + objectName.length + value.length);
  input[0] = VALUE_MARK;
  input[1] = objectName.length >> 8;
  input[2] = objectName.length;
  input.set(objectName, 3);
  input.set(value, 3 + objectName.length);
  return authentication.digest(input);
}

/** What stands for a joint write: the digests of its values, each for its object. */
export function valuesDigest(
  authentication: Authentication,
  objects: readonly string[],
  values: readonly Uint8Array[],
): Uint8Array {
  const each = values.map((value, index) =>
    valueDigest(authentication, new TextEncoder().encode(objects[index] ?? ''), value),
  );
  return authentication.digest(concatenated(each));
}

/** A version as a replica keeps it: the value's bytes, which are digested and handed on as they came, and the table in them. */
export interface StoredValue {
  readonly bytes: Uint8Array;
  readonly applied: AppliedTable;
}

export function initialValue(service: Service, object: string): StoredValue {
  const applied: AppliedTable = [];
  return { bytes: encodeValue({ state: service.initialState(object), applied }), applied };
}

/** Shares nothing with `bytes`. Undefined if they are no value: whoever reads it could never go on from there. */
export function storedValue(bytes: Uint8Array): StoredValue | undefined {
  const value = decodeValue(bytes);
  return value === undefined ? undefined : { bytes: copyOf(bytes), applied: value.applied };
}

/**
 * Whether this client may put `after` in the place of `before`. The state is the client's business, a faulty client's too. The table is not: it may add
 * an operation of its own, newer than its last, and must leave all others' as they are. So no faulty client makes a correct one's update happen
 * twice, or never.
 */
export function mayFollow(before: StoredValue, after: StoredValue, client: ClientId): boolean {
  const added = lastApplied(after.applied, client);
  if (added === undefined || added.number <= (lastApplied(before.applied, client)?.number ?? 0)) return false;
  return sameTable(withApplied(before.applied, added), after.applied);
}

function sameTable(a: AppliedTable, b: AppliedTable): boolean {
  if (a.length !== b.length) return false;
  return a.every((entry, index) => {
    const other = b[index];
    return (
      other !== undefined &&
      entry.client === other.client &&
      entry.number === other.number &&
      sameBytes(entry.result, other.result)
    );
  });
}
