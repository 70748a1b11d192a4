import {
  type Candidate,
  candidateAt,
  candidateCount,
  conditionedOnOf,
  holdsCandidate,
  newestCandidate,
  type ReplicaHistory,
  timestampOf,
} from './replica-history.ts';
import { compareTimestamps, isBarrier, type Timestamp } from './timestamp.ts';

/** Orders from which a candidate counts [QU §3.3]; n = 5b+1 gives quorum 4b+1 and repairable 2b+1. */
export interface Thresholds {
  readonly quorum: number;
  readonly repairable: number;
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
  | { readonly type: 'method'; readonly conditionedOn: Candidate; readonly latestTime: Timestamp }
  /** The newest candidate is a version that can be completed in place. */
  | { readonly type: 'inlineMethod'; readonly candidate: Candidate }
  /** A complete barrier is the newest: the latest repairable version is copied past it. */
  | { readonly type: 'copy'; readonly conditionedOn: Candidate; readonly barrier: Candidate }
  /** The newest candidate is a barrier that can be completed in place. */
  | { readonly type: 'inlineBarrier'; readonly candidate: Candidate }
  /** Anything else: unfinished candidates must be stopped by a barrier first. */
  | { readonly type: 'barrier'; readonly conditionedOn: Candidate | undefined; readonly latestTime: Timestamp };

/** Pure function of the histories; client and replica call the same one. `histories` holds at least one. */
export function classify(histories: readonly WeighedHistory[], thresholds: Thresholds): Classification {
  const latestTime = newestTimestamp(histories);
  const latestObject = newestRepairable(histories, false, thresholds.repairable);
  if (latestObject !== undefined && compareTimestamps(latestObject, latestTime) === 0) {
    if (orderOf(histories, latestObject) >= thresholds.quorum) {
      return { type: 'method', conditionedOn: latestObject, latestTime };
    }
    return { type: 'inlineMethod', candidate: latestObject };
  }
  const latestBarrier = newestRepairable(histories, true, thresholds.repairable);
  if (latestBarrier !== undefined && compareTimestamps(latestBarrier, latestTime) === 0) {
    if (orderOf(histories, latestBarrier) < thresholds.quorum)
      return { type: 'inlineBarrier', candidate: latestBarrier };
    // Histories that were read after the barrier was complete always show a repairable version: the newest complete one, which
    // nobody has pruned. Without one the set mixes old answers with new, and another barrier brings fresh ones.
    if (latestObject !== undefined) return { type: 'copy', conditionedOn: latestObject, barrier: latestBarrier };
  }
  return { type: 'barrier', conditionedOn: latestObject, latestTime };
}

/**
 * The newest own time with which a replica may still accept the operation [QU Figure 5]: whatever it has accepted beyond
 * makes the history set stale. Undefined for a barrier: it is bounded by its own timestamp.
 */
export function currencyBound(classification: Classification): Timestamp | undefined {
  switch (classification.type) {
    case 'method':
      return timestampOf(classification.conditionedOn);
    case 'inlineMethod':
    case 'inlineBarrier':
      return timestampOf(classification.candidate);
    case 'copy':
      return timestampOf(classification.barrier);
    case 'barrier':
      return undefined;
  }
}

/** The candidate that an inline repair completes, which keeps what it was conditioned on. */
export function repairedCandidate(
  classification: Classification,
): { readonly timestamp: Timestamp; readonly conditionedOn: Timestamp } | undefined {
  if (classification.type !== 'inlineMethod' && classification.type !== 'inlineBarrier') return undefined;
  return { timestamp: timestampOf(classification.candidate), conditionedOn: conditionedOnOf(classification.candidate) };
}

/** Number of replicas whose history holds the candidate. */
export function orderOf(histories: readonly WeighedHistory[], candidate: Candidate): number {
  let order = 0;
  for (const { history, weight } of histories) if (holdsCandidate(history, candidate)) order += weight;
  return order;
}

function newestTimestamp(histories: readonly WeighedHistory[]): Timestamp {
  let newest: Timestamp | undefined;
  for (const { history } of histories) {
    const candidate = newestCandidate(history);
    if (newest === undefined || compareTimestamps(candidate, newest) > 0) newest = timestampOf(candidate);
  }
  if (newest === undefined) throw new Error('an object history set has at least one history');
  return newest;
}

/** The newest candidate, barriers or versions, that at least `repairable` histories hold. */
function newestRepairable(
  histories: readonly WeighedHistory[],
  barrier: boolean,
  repairable: number,
): Candidate | undefined {
  let best: Candidate | undefined;
  for (const { history } of histories) {
    for (let index = candidateCount(history) - 1; index >= 0; index--) {
      const candidate = candidateAt(history, index);
      if (best !== undefined && compareTimestamps(candidate, best) <= 0) break;
      if (isBarrier(candidate) !== barrier) continue;
      if (orderOf(histories, candidate) >= repairable) {
        best = candidate;
        break;
      }
    }
  }
  return best;
}
