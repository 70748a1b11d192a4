import {
  compareTimestampsAt,
  INITIAL_TIMESTAMP,
  isBarrier,
  isBarrierAt,
  TIMESTAMP_BYTES,
  type Timestamp,
} from './timestamp.ts';

/**
 * A candidate is a pair of timestamps: its own, and that of the candidate it is conditioned on. A replica history is the ordered
 * list of candidates that a replica has accepted for one object [QU §3.2], kept as its bytes: that is what is digested, authenticated, sent
 * and compared, and it is encoded once, by the replica that wrote it.
 */
export type Candidate = Uint8Array;
export type ReplicaHistory = Uint8Array;

export const CANDIDATE_BYTES = 2 * TIMESTAMP_BYTES;

/** A history holds at least its object's newest candidate; one that grows past this bound accepts nothing until a method prunes it. */
export const MOST_CANDIDATES = 256;
/** What a method leaves of a history with pruning: the complete candidate that it is conditioned on, and its own. */
export const PRUNED_CANDIDATES = 2;

/** The candidate that every object begins with. It is conditioned on itself. */
export const INITIAL_CANDIDATE: Candidate = makeCandidate(INITIAL_TIMESTAMP, INITIAL_TIMESTAMP);
/** The history of an object that was never updated; also what stands for a history that is unknown or not authentic. */
export const INITIAL_HISTORY: ReplicaHistory = INITIAL_CANDIDATE;

export function makeCandidate(timestamp: Timestamp, conditionedOn: Timestamp): Candidate {
  const candidate = new Uint8Array(CANDIDATE_BYTES);
  candidate.set(timestamp, 0);
  candidate.set(conditionedOn, TIMESTAMP_BYTES);
  return candidate;
}

export function timestampOf(candidate: Candidate): Timestamp {
  return candidate.subarray(0, TIMESTAMP_BYTES);
}

export function conditionedOnOf(candidate: Candidate): Timestamp {
  return candidate.subarray(TIMESTAMP_BYTES, CANDIDATE_BYTES);
}

export function candidateCount(history: ReplicaHistory): number {
  return history.length / CANDIDATE_BYTES;
}

/** The candidate at `index`, oldest first; a view. */
export function candidateAt(history: ReplicaHistory, index: number): Candidate {
  return history.subarray(index * CANDIDATE_BYTES, (index + 1) * CANDIDATE_BYTES);
}

export function newestCandidate(history: ReplicaHistory): Candidate {
  return history.subarray(history.length - CANDIDATE_BYTES);
}

/** The newest candidate that is not a barrier; undefined for a history of barriers only. */
export function newestObjectCandidate(history: ReplicaHistory): Candidate | undefined {
  for (let offset = history.length - CANDIDATE_BYTES; offset >= 0; offset -= CANDIDATE_BYTES) {
    if (!isBarrierAt(history, offset)) return history.subarray(offset, offset + CANDIDATE_BYTES);
  }
  return undefined;
}

/** Whether these bytes are a history at all: whole candidates, at least one, in strictly ascending order. */
export function isReplicaHistory(bytes: Uint8Array): bytes is ReplicaHistory {
  const count = candidateCount(bytes);
  if (!Number.isInteger(count) || count < 1 || count > MOST_CANDIDATES) return false;
  for (let offset = CANDIDATE_BYTES; offset < bytes.length; offset += CANDIDATE_BYTES) {
    if (compareTimestampsAt(bytes, offset - CANDIDATE_BYTES, bytes, offset) >= 0) return false;
  }
  return true;
}

/** The offset of the candidate with this timestamp, −1 if there is none. */
export function offsetOfTimestamp(history: ReplicaHistory, timestamp: Timestamp): number {
  for (let offset = history.length - CANDIDATE_BYTES; offset >= 0; offset -= CANDIDATE_BYTES) {
    const order = compareTimestampsAt(history, offset, timestamp, 0);
    if (order === 0) return offset;
    if (order < 0) return -1;
  }
  return -1;
}

/** Whether the history holds this candidate: its timestamp, conditioned on the same one. */
export function holdsCandidate(history: ReplicaHistory, candidate: Candidate): boolean {
  const offset = offsetOfTimestamp(history, candidate);
  return offset >= 0 && compareTimestampsAt(history, offset + TIMESTAMP_BYTES, candidate, TIMESTAMP_BYTES) === 0;
}

/**
 * The history after a method was accepted: the complete candidate that it is conditioned on, and the new one. Everything older is pruned
 * [QU §3.6]: a complete candidate is seen by every quorum, so nobody needs its past. A replica that did not hold the
 * conditioned-on candidate takes it up here, as it has just fetched its version.
 */
export function historyAfterMethod(conditionedOn: Candidate, timestamp: Timestamp): ReplicaHistory {
  const history = new Uint8Array(2 * CANDIDATE_BYTES);
  writeHistoryAfterMethod(history, conditionedOn, timestamp);
  return history;
}

/**
 * The history after a method without pruning: what is older than the candidate that it is conditioned on stays too, up to `most` candidates in
 * all. The oldest go first. They are older than a complete candidate, so that is pruning as ever, only later.
 */
export function unprunedHistoryAfterMethod(
  history: ReplicaHistory,
  conditionedOn: Candidate,
  timestamp: Timestamp,
  most: number,
): ReplicaHistory {
  let end = history.length;
  while (end > 0 && compareTimestampsAt(history, end - CANDIDATE_BYTES, conditionedOn, 0) >= 0) end -= CANDIDATE_BYTES;
  const begin = Math.max(0, end - (most - PRUNED_CANDIDATES) * CANDIDATE_BYTES);
  const longer = new Uint8Array(end - begin + PRUNED_CANDIDATES * CANDIDATE_BYTES);
  longer.set(history.subarray(begin, end));
  longer.set(historyAfterMethod(conditionedOn, timestamp), end - begin);
  return longer;
}

/** The same as `historyAfterMethod`, over a history of two candidates that is no longer needed. */
export function writeHistoryAfterMethod(history: ReplicaHistory, conditionedOn: Candidate, timestamp: Timestamp): void {
  history.set(conditionedOn, 0);
  history.set(timestamp, CANDIDATE_BYTES);
  history.copyWithin(CANDIDATE_BYTES + TIMESTAMP_BYTES, 0, TIMESTAMP_BYTES);
}

/**
 * The history with one more candidate, which must be the newest. Older barriers give way to a newer one: a barrier's only work is to
 * hold back what is older than itself, and the newer one does that too.
 */
export function historyWith(history: ReplicaHistory, accepted: Candidate): ReplicaHistory {
  const kept: Candidate[] = [];
  for (let index = 0; index < candidateCount(history); index++) {
    const candidate = candidateAt(history, index);
    if (!(isBarrier(accepted) && isBarrier(candidate))) kept.push(candidate);
  }
  const longer = new Uint8Array((kept.length + 1) * CANDIDATE_BYTES);
  for (const [index, candidate] of kept.entries()) longer.set(candidate, index * CANDIDATE_BYTES);
  longer.set(accepted, kept.length * CANDIDATE_BYTES);
  return longer;
}
