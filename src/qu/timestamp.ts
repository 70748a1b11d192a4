import type { ClientId } from '../kernel/identifiers.ts';
import { sameBytes } from '../wire/bytes.ts';
import { readUint53, writeUint32, writeUint53 } from '../wire/integers.ts';

/**
 * Logical timestamps [QU §3.2, compact form §3.6]: (time, kind, client, operation digest, history-set digest). They are kept
 * as 77 bytes, big-endian in that order, so that their order is the order of their bytes and a replica forwards them untouched. The paper has a
 * barrier flag in the place of the kind.
 *
 * The last two fields bind a timestamp to one operation conditioned on one object history set. The history-set digest also covers
 * the conditioned-on timestamp (see history-set.ts for why).
 *
 * That they are compact is no option. With operation and history set themselves in place of the digests a timestamp
 * holds histories, whose candidates hold timestamps, which hold histories. Pruned to two candidates, (k−2, k−3) and
 * (k−1, k−2), with equal histories sent once, and encoded as here, the timestamp of an object's k-th update takes
 * S(k) = c + |op| + S(k−1) + 2·S(k−2) + S(k−3) ≥ 2·S(k−1) bytes: that of the 16th increment is larger than a message may
 * be (valued-timestamps.test.ts). If each timestamp in it were sent once, it would still hold every operation since the
 * object began, as pruning takes candidates out of histories but not out of the timestamps that stay.
 * A bounded variant has the values on one level and compact timestamps inside, so that an inline repair could execute
 * the operation rather than fetch its version: |op| + 317 bytes (f = 1, all replicas alike) in place of 64, four times
 * in each history.
 */
export type Timestamp = Uint8Array;

const KIND_OFFSET = 8;
const CLIENT_OFFSET = 9;
const OPERATION_OFFSET = 13;
const HISTORY_SET_OFFSET = 45;
export const TIMESTAMP_BYTES = 77;
const DIGEST_BYTES = 32;

/** What a timestamp's candidate is. Joint ones are versions that one operation made of several objects, the same timestamp in all of them. */
export const CandidateKind = { version: 0, barrier: 1, jointMethod: 2, jointCopy: 3 } as const;
export type CandidateKind = (typeof CandidateKind)[keyof typeof CandidateKind];

/** The timestamp of every object's initial version: all zero. */
export const INITIAL_TIMESTAMP: Timestamp = new Uint8Array(TIMESTAMP_BYTES);
/**
 * A faulty replica can claim any time, and whatever follows a candidate gets a later one: near the largest integer an object would be
 * stuck. So nobody goes along with a leap by more than this, which honest operations could not make in years.
 */
export const LONGEST_LEAP = 2 ** 32;
/** Stands for the operation of a barrier, which has none. */
export const NO_OPERATION: Uint8Array = new Uint8Array(DIGEST_BYTES);

export interface TimestampFields {
  readonly time: number;
  readonly kind: CandidateKind;
  readonly client: ClientId;
  readonly operationDigest: Uint8Array;
  readonly historySetDigest: Uint8Array;
}

/** Writes the timestamp into `timestamp`, a new array unless one is given. */
export function makeTimestamp(fields: TimestampFields, timestamp = new Uint8Array(TIMESTAMP_BYTES)): Timestamp {
  writeUint53(timestamp, 0, fields.time);
  timestamp[KIND_OFFSET] = fields.kind;
  writeUint32(timestamp, CLIENT_OFFSET, fields.client);
  timestamp.set(fields.operationDigest, OPERATION_OFFSET);
  timestamp.set(fields.historySetDigest, HISTORY_SET_OFFSET);
  return timestamp;
}

export function timeOf(timestamp: Timestamp): number {
  return readUint53(timestamp, 0);
}

export function isBarrier(timestamp: Timestamp): boolean {
  return isBarrierAt(timestamp, 0);
}

/** The same for a timestamp that begins at this offset. */
export function isBarrierAt(bytes: Uint8Array, offset: number): boolean {
  return bytes[offset + KIND_OFFSET] === CandidateKind.barrier;
}

export function isVersionAt(bytes: Uint8Array, offset: number): boolean {
  return !isBarrierAt(bytes, offset);
}

/** Whether the timestamp that begins at this offset is that of a version that was made together with versions of other objects. */
export function isJointAt(bytes: Uint8Array, offset: number): boolean {
  return (bytes[offset + KIND_OFFSET] ?? 0) >= CandidateKind.jointMethod;
}

export function isJointCopyAt(bytes: Uint8Array, offset: number): boolean {
  return bytes[offset + KIND_OFFSET] === CandidateKind.jointCopy;
}

export function operationDigestOf(timestamp: Timestamp): Uint8Array {
  return timestamp.subarray(OPERATION_OFFSET, HISTORY_SET_OFFSET);
}

/**
 * Whether a version's timestamp is that of the initial version or of a copy of it, which takes over its operation digest: no digest is all
 * zero. What the version is everybody knows then.
 */
export function isOfInitialVersion(timestamp: Timestamp): boolean {
  return sameBytes(operationDigestOf(timestamp), NO_OPERATION);
}

/** Negative, zero or positive, as `a` is older than, the same as, or newer than `b`. */
export function compareTimestamps(a: Timestamp, b: Timestamp): number {
  return compareTimestampsAt(a, 0, b, 0);
}

/** The same for timestamps that begin at these offsets. */
export function compareTimestampsAt(a: Uint8Array, aOffset: number, b: Uint8Array, bOffset: number): number {
  for (let i = 0; i < TIMESTAMP_BYTES; i++) {
    const difference = (a[aOffset + i] ?? 0) - (b[bOffset + i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
