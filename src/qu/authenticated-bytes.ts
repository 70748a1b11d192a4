import { writeUint53 } from '../wire/integers.ts';
import { Scratch } from '../wire/scratch.ts';
import type { ConditionedType, QuMessage } from './message.ts';

/**
 * What each message's tag is made over. All begin with a byte of their own, and history authenticators are made over 32-byte digests, so no
 * tag can be taken for another's. The arrays are scratch: valid until the next call. Kept short: HMAC-SHA-256 takes two compressions for up to 55 bytes and one more for each further 64.
 */
const scratch = new Scratch();

const Kind = {
  update: 1,
  repair: 2,
  query: 3,
  reply: 4,
  syncRequest: 5,
  syncReply: 6,
  conditionedQuery: 7,
  historyQuery: 8,
  jointUpdate: 9,
  jointRepair: 10,
  jointHistoryQuery: 11,
  jointReply: 12,
} as const;

/**
 * The timestamp of an update, a repair or a conditioned query binds operation and history set, as a replica derives it anew from them, so the tag need not cover
 * those again. The authenticator entries are tags themselves.
 */
export function conditionedRequestBytes(
  type: ConditionedType,
  number: number,
  timestamp: Uint8Array,
  coverage: Uint8Array,
): Uint8Array {
  return joined(Kind[type], number, timestamp, coverage);
}

export function queryBytes(number: number, requestDigest: Uint8Array, coverage: Uint8Array): Uint8Array {
  return joined(Kind.query, number, requestDigest, coverage);
}

/** The coverage has the same length for all, so object and coverage are told apart. */
export function historyQueryBytes(number: number, object: Uint8Array, coverage: Uint8Array): Uint8Array {
  return joined(Kind.historyQuery, number, object, coverage);
}

/** The objects enter by a digest over their names. */
export function jointHistoryQueryBytes(number: number, objectsDigest: Uint8Array, coverage: Uint8Array): Uint8Array {
  return joined(Kind.jointHistoryQuery, number, objectsDigest, coverage);
}

/** The history enters by its digest, which is needed for its authenticator anyway. */
export function replyBytes(
  number: number,
  accepted: boolean,
  historyDigest: Uint8Array,
  result: Uint8Array,
): Uint8Array {
  return answered(Kind.reply, number, accepted, historyDigest, result);
}

/** The histories enter by the digest of their digests, so that histories and result are told apart. What joint candidates are about proves itself. */
export function jointReplyBytes(
  number: number,
  accepted: boolean,
  historiesDigest: Uint8Array,
  result: Uint8Array,
): Uint8Array {
  return answered(Kind.jointReply, number, accepted, historiesDigest, result);
}

function answered(kind: number, number: number, accepted: boolean, digest: Uint8Array, result: Uint8Array): Uint8Array {
  const bytes = scratch.ofLength(10 + digest.length + result.length);
  bytes[0] = kind;
  writeUint53(bytes, 1, number);
  bytes[9] = accepted ? 1 : 0;
  bytes.set(digest, 10);
  bytes.set(result, 10 + digest.length);
  return bytes;
}

export function syncBytes(
  type: Extract<QuMessage['type'], 'syncRequest' | 'syncReply'>,
  object: Uint8Array,
  timestamp: Uint8Array,
  version: Uint8Array,
): Uint8Array {
  const bytes = scratch.ofLength(3 + object.length + timestamp.length + version.length);
  bytes[0] = Kind[type];
  bytes[1] = object.length >> 8;
  bytes[2] = object.length;
  bytes.set(object, 3);
  bytes.set(timestamp, 3 + object.length);
  bytes.set(version, 3 + object.length + timestamp.length);
  return bytes;
}

function joined(kind: number, number: number, first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = scratch.ofLength(9 + first.length + second.length);
  bytes[0] = kind;
  writeUint53(bytes, 1, number);
  bytes.set(first, 9);
  bytes.set(second, 9 + first.length);
  return bytes;
}
