import type { Authentication } from '../kernel/authentication.ts';
import { MalformedMessage } from '../wire/packing.ts';
import { Scratch } from '../wire/scratch.ts';
import type { WeighedHistory } from './classification.ts';
import {
  CANDIDATE_BYTES,
  INITIAL_HISTORY,
  isReplicaHistory,
  MOST_CANDIDATES,
  type ReplicaHistory,
} from './replica-history.ts';
import { INITIAL_TIMESTAMP, TIMESTAMP_BYTES, type Timestamp } from './timestamp.ts';

/**
 * An object history set as a request carries it [QU §3.2]: the history of every replica, as far as the client knows. Replicas that
 * agree have byte-identical histories, so each different history is sent and looked at once, and an index for each replica says which is
 * its own. The authenticators travel beside it: a replica gets only the entries that it can check itself.
 *
 * Bytes: number of different histories (1), candidates in each (2 each), the histories, an index for each replica (1 each).
 */
export interface ObjectHistorySet {
  readonly histories: readonly ReplicaHistory[];
  /** For each replica the index of its history, or UNKNOWN. */
  readonly indexes: Uint8Array;
}

/** A history set with its encoding, which is made once and sent to every replica of the quorum. */
export interface EncodedHistorySet extends ObjectHistorySet {
  readonly bytes: Uint8Array;
}

const scratch = new Scratch();

/** The client has no history of this replica; it counts as the initial one. */
export const UNKNOWN = 255;

export function encodeHistorySet(set: ObjectHistorySet): Uint8Array {
  let length = 1 + 2 * set.histories.length + set.indexes.length;
  for (const history of set.histories) length += history.length;
  const bytes = new Uint8Array(length);
  let offset = 0;
  bytes[offset++] = set.histories.length;
  for (const history of set.histories) {
    const count = history.length / CANDIDATE_BYTES;
    bytes[offset++] = count >> 8;
    bytes[offset++] = count & 0xff;
  }
  for (const history of set.histories) {
    bytes.set(history, offset);
    offset += history.length;
  }
  bytes.set(set.indexes, offset);
  return bytes;
}

/** Views of `bytes`. Throws MalformedMessage unless it is a well-formed set for that many replicas. */
export function decodeHistorySet(bytes: Uint8Array, replicas: number): ObjectHistorySet {
  const distinct = bytes[0] ?? 0;
  if (distinct > replicas) throw new MalformedMessage('history set');
  let offset = 1 + 2 * distinct;
  const histories: ReplicaHistory[] = [];
  for (let i = 0; i < distinct; i++) {
    const count = ((bytes[1 + 2 * i] ?? 0) << 8) | (bytes[2 + 2 * i] ?? 0);
    if (count > MOST_CANDIDATES) throw new MalformedMessage('history set');
    const history = bytes.subarray(offset, offset + count * CANDIDATE_BYTES);
    if (!isReplicaHistory(history)) throw new MalformedMessage('history set');
    histories.push(history);
    offset += history.length;
  }
  const indexes = bytes.subarray(offset);
  if (indexes.length !== replicas) throw new MalformedMessage('history set');
  for (const index of indexes) if (index !== UNKNOWN && index >= distinct) throw new MalformedMessage('history set');
  return { histories, indexes };
}

/** The histories with the number of replicas each speaks for; those of `weights` that are zero are left out, the rest of n is initial. */
export function weigh(
  histories: readonly ReplicaHistory[],
  weights: readonly number[],
  replicas: number,
): WeighedHistory[] {
  const weighed: WeighedHistory[] = [];
  let known = 0;
  for (let i = 0; i < histories.length; i++) {
    const history = histories[i];
    const weight = weights[i] ?? 0;
    if (history === undefined || weight === 0) continue;
    weighed.push({ history, weight });
    known += weight;
  }
  if (known < replicas) weighed.push({ history: INITIAL_HISTORY, weight: replicas - known });
  return weighed;
}

/** What a replica's history is authenticated by: the digest of the object's name and the history's bytes. */
export function historyDigest(
  authentication: Authentication,
  objectName: Uint8Array,
  history: ReplicaHistory,
): Uint8Array {
  const input = scratch.ofLength(2 + objectName.length + history.length);
  input[0] = objectName.length >> 8;
  input[1] = objectName.length;
  input.set(objectName, 2);
  input.set(history, 2 + objectName.length);
  return authentication.digest(input);
}

/**
 * The history-set digest of a timestamp. It covers the set as the client sent it, before a replica leaves out what it cannot
 * authenticate, and the timestamp that the new candidate is conditioned on. The second matters because a Byzantine client can spoil
 * authenticator entries at some replicas only, so that replicas classify different parts of one set: those that end at different
 * conditioned-on candidates then make different timestamps, and no timestamp ever stands for two versions. Histories enter by their digests, which
 * the authenticators need anyway.
 */
export function historySetDigest(
  authentication: Authentication,
  set: ObjectHistorySet,
  historyDigests: readonly Uint8Array[],
  conditionedOn: Timestamp = INITIAL_TIMESTAMP,
): Uint8Array {
  const { digestBytes } = authentication;
  const input = scratch.ofLength(TIMESTAMP_BYTES + set.indexes.length + historyDigests.length * digestBytes);
  input.set(conditionedOn, 0);
  input.set(set.indexes, TIMESTAMP_BYTES);
  let offset = TIMESTAMP_BYTES + set.indexes.length;
  for (const digest of historyDigests) {
    input.set(digest, offset);
    offset += digestBytes;
  }
  return authentication.digest(input);
}

/** A history with its digest, so that equal histories are digested once. */
export interface DigestedHistory {
  readonly history: ReplicaHistory;
  readonly digest: Uint8Array;
}
