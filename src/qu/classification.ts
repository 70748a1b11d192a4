import type { Deployment } from '../kernel/protocol.ts';
import type { ObjectOptions } from './options.ts';
import {
  CANDIDATE_BYTES,
  type Candidate,
  conditionedOnOf,
  holdsCandidate,
  newestCandidate,
  type ReplicaHistory,
  timestampOf,
} from './replica-history.ts';
import { compareTimestampsAt, isBarrierAt, isVersionAt, type Timestamp, timeOf } from './timestamp.ts';

/** Orders from which a candidate counts [QU §3.3]; n = 5b+1 gives quorum 4b+1 and repairable 2b+1. */
export interface Thresholds {
  readonly quorum: number;
  readonly repairable: number;
  /**
   * Whether what is repairable is completed in place; it is unless this is false. Client and replica must agree: what one takes for
   * an inline repair and the other for a barrier, the replica refuses as long as the set stays as it is.
   */
  readonly inlineRepair?: boolean;
}

/** The one rule by which the clients and the replicas of a deployment classify. */
export function thresholdsOf(
  deployment: Pick<Deployment<Pick<ObjectOptions, 'inlineRepair'>>, 'quorum' | 'faults' | 'options'>,
): Thresholds {
  const { quorum, faults, options } = deployment;
  return { quorum, repairable: 2 * faults + 1, inlineRepair: options.inlineRepair };
}

/** Histories and how many replicas each speaks for; a replica whose history is unknown or not authentic speaks for the initial one. */
export interface WeighedHistory {
  readonly history: ReplicaHistory;
  readonly weight: number;
}

/**
 * What an object history set calls for [QU §3.3, Figure 5]. `timestamp` is given where the operation completes an existing candidate in
 * place; where it is absent the operation makes a new candidate, whose timestamp setup.ts derives.
 */
export type Classification =
  /** The newest candidate is a complete object version: a method can be applied to it. */
  | { readonly type: 'method'; readonly conditionedOn: Candidate }
  /** The newest candidate is a version that can be completed in place. */
  | { readonly type: 'inlineMethod'; readonly candidate: Candidate }
  /** A complete barrier is the newest: the latest repairable version is copied past it. */
  | { readonly type: 'copy'; readonly conditionedOn: Candidate; readonly barrier: Candidate }
  /** The newest candidate is a barrier that can be completed in place. */
  | { readonly type: 'inlineBarrier'; readonly candidate: Candidate }
  /** Anything else: unfinished candidates must be stopped by a barrier first. */
  | { readonly type: 'barrier'; readonly conditionedOn: Candidate | undefined; readonly latestTime: Timestamp };

/**
 * Pure function of the histories; client and replica call the same one. `histories` holds at least one.
 *
 * Without inline repair the two rows that complete a candidate in place fall through to the last: a barrier, and then a copy.
 * Safety: a barrier and a copy are made and bounded as ever, and no operation is accepted that would not have been; in place of an inline
 * repair stands a barrier at a later time, which is conditioned on the same latest object. What may have been complete is at least
 * repairable, so once the barrier is complete the copy carries just that on. Liveness: a client that has an object to itself needs three rounds at
 * most from any state: its barrier is newer than all that the set shows, so a quorum accepts it, or refuses with what is newer still; then the
 * set shows it complete, and the copy after it, which is conditioned on it, likewise; then the method. A barrier or a
 * copy that met others halfway is no dead end, as the next barrier is newer than it, but each costs the three rounds again.
 */
export function classify(histories: readonly WeighedHistory[], thresholds: Thresholds): Classification {
  const { inlineRepair = true } = thresholds;
  const newest = newestHistory(histories);
  const latestObject = newestRepairable(histories, isVersionAt, thresholds.repairable);
  if (latestObject !== undefined && isNewestOf(newest, latestObject.candidate)) {
    const { candidate, order } = latestObject;
    if (order >= thresholds.quorum) return { type: 'method', conditionedOn: candidate };
    if (inlineRepair) return { type: 'inlineMethod', candidate };
  }
  const latestBarrier = newestRepairable(histories, isBarrierAt, thresholds.repairable);
  if (latestBarrier !== undefined && isNewestOf(newest, latestBarrier.candidate)) {
    const { candidate, order } = latestBarrier;
    const isComplete = order >= thresholds.quorum;
    if (!isComplete && inlineRepair) return { type: 'inlineBarrier', candidate };
    // Histories that were read after the barrier was complete always show a repairable version: the newest complete one, which
    // nobody has pruned. Without one the set mixes old answers with new, and another barrier brings fresh ones.
    if (isComplete && latestObject !== undefined)
      return { type: 'copy', conditionedOn: latestObject.candidate, barrier: candidate };
  }
  const latestTime = timestampOf(newestCandidate(newest));
  return { type: 'barrier', conditionedOn: latestObject?.candidate, latestTime };
}

/**
 * The candidate whose timestamp is the newest own time with which a replica may still accept the operation [QU Figure 5]: whatever it
 * has accepted beyond makes the history set stale. Undefined for a barrier: it is bounded by its own timestamp.
 */
export function currencyBound(classification: Classification): Candidate | undefined {
  switch (classification.type) {
    case 'method':
      return classification.conditionedOn;
    case 'inlineMethod':
    case 'inlineBarrier':
      return classification.candidate;
    case 'copy':
      return classification.barrier;
    case 'barrier':
      return undefined;
  }
}

/** The timestamps of the candidate that an inline repair completes: it keeps what it was conditioned on. */
export function repairedCandidate(candidate: Candidate): {
  readonly timestamp: Timestamp;
  readonly conditionedOn: Timestamp;
} {
  return { timestamp: timestampOf(candidate), conditionedOn: conditionedOnOf(candidate) };
}

/** Number of replicas whose history holds the candidate; `holder` is one that is known to, and need not be searched. */
export function orderOf(histories: readonly WeighedHistory[], candidate: Candidate, holder?: ReplicaHistory): number {
  let order = 0;
  for (const { history, weight } of histories) {
    if (history === holder || holdsCandidate(history, candidate)) order += weight;
  }
  return order;
}

/** The history that shows the latest time. */
function newestHistory(histories: readonly WeighedHistory[]): ReplicaHistory {
  let newest: ReplicaHistory | undefined;
  for (const { history } of histories) {
    if (newest === undefined || compareTimestampsAt(history, newestOffset(history), newest, newestOffset(newest)) > 0) {
      newest = history;
    }
  }
  if (newest === undefined) throw new Error('an object history set has at least one history');
  return newest;
}

function isNewestOf(history: ReplicaHistory, candidate: Candidate): boolean {
  return compareTimestampsAt(history, newestOffset(history), candidate, 0) === 0;
}

/** The latest time that the histories show. */
export function newestTimeOf(histories: readonly WeighedHistory[]): Timestamp {
  return timestampOf(newestCandidate(newestHistory(histories)));
}

/** A time that more than `faults` replicas show, or a later one: no faulty replicas alone have made it up. */
export function latestSharedTime(histories: readonly WeighedHistory[], faults: number): number {
  const shown = histories.map(({ history, weight }) => ({ time: timeOf(newestCandidate(history)), weight }));
  shown.sort((a, b) => b.time - a.time);
  let showing = 0;
  for (const { time, weight } of shown) {
    showing += weight;
    if (showing > faults) return time;
  }
  return 0;
}

/** A candidate with its order. */
export interface Ranked {
  readonly candidate: Candidate;
  readonly order: number;
}

/** The newest candidate that at least `repairable` histories hold, of those that `counts` says true for where they begin in a history. */
export function newestRepairable(
  histories: readonly WeighedHistory[],
  counts: (history: ReplicaHistory, offset: number) => boolean,
  repairable: number,
): Ranked | undefined {
  let best: Ranked | undefined;
  for (const { history } of histories) {
    for (let offset = newestOffset(history); offset >= 0; offset -= CANDIDATE_BYTES) {
      if (best !== undefined && compareTimestampsAt(history, offset, best.candidate, 0) <= 0) break;
      if (!counts(history, offset)) continue;
      const candidate = history.subarray(offset, offset + CANDIDATE_BYTES);
      const order = orderOf(histories, candidate, history);
      if (order < repairable) continue;
      best = { candidate, order };
      break;
    }
  }
  return best;
}

function newestOffset(history: ReplicaHistory): number {
  return history.length - CANDIDATE_BYTES;
}
