import {
  type Classification,
  classify,
  newestRepairable,
  newestTimeOf,
  orderOf,
  type Thresholds,
  type WeighedHistory,
} from '../classification.ts';
import {
  CANDIDATE_BYTES,
  type Candidate,
  conditionedOnOf,
  type ReplicaHistory,
  timestampOf,
} from '../replica-history.ts';
import {
  compareTimestamps,
  compareTimestampsAt,
  INITIAL_TIMESTAMP,
  isBarrierAt,
  isJointAt,
  isJointCopyAt,
  isVersionAt,
  operationDigestOf,
  type Timestamp,
} from '../timestamp.ts';
import type { Bindings } from './binding.ts';

/** One object of a group, with what its history set shows. */
export interface GroupMember {
  readonly object: string;
  /** At least one. */
  readonly histories: readonly WeighedHistory[];
}

/** What the history sets of a group of objects call for together; lists are in the order of the group. */
export type GroupClassification =
  /** Every object's newest candidate is a complete version: an operation on them all can be applied. */
  | { readonly type: 'method'; readonly conditionedOn: readonly Candidate[] }
  /** One joint candidate is the newest of all of them, and can be completed in place. Same timestamp, each object's own conditioned-on one. */
  | { readonly type: 'inlineMethod'; readonly candidates: readonly Candidate[] }
  /** Complete barriers are the newest everywhere: what is to survive of each object is copied past them. */
  | { readonly type: 'copy'; readonly conditionedOn: readonly Candidate[]; readonly barriers: readonly Candidate[] }
  /** Anything else: unfinished candidates must be stopped by barriers first. */
  | {
      readonly type: 'barrier';
      readonly conditionedOn: readonly (Candidate | undefined)[];
      readonly latestTime: Timestamp;
    }
  /** A joint candidate may be unfinished whose objects are not known or not all in the group: it must be widened. */
  | { readonly type: 'open'; readonly candidate: Timestamp };

/**
 * The classification of several objects as one [QU §3.4 (?)]; what follows was reasoned, not read in the paper.
 *
 * The rule that carries it: **a correct replica accepts a joint candidate in the histories of all its objects at once, or in none**, whether as
 * a new operation, by inline repair, or as a joint copy. So if a joint candidate is complete in one object's histories, held by 4b+1
 * replicas, then 3b+1 correct ones hold it in every object's, and what is complete can never be lost in one object and survive in
 * another: each object's own rules make it survive.
 *
 * (A method on one of the objects also has a replica take up the complete candidate that it is conditioned on. That one is settled.)
 *
 * A joint candidate that is not complete anywhere must survive everywhere or nowhere. Whether it does is decided for all its
 * objects in one step: a repair covers a group that is closed, that is, with every joint candidate that its history sets show unsettled
 * it has all of that one's objects; a replica accepts no other inline repair or copy, and looks at its own histories too. What a decision could not see
 * does no harm: a candidate that none of 4b+1 histories show, which cannot take it up any more as they hold a barrier (or the candidate that is being
 * completed), has at most b correct holders, which with b liars are fewer than the 2b+1 that make it repairable in any object.
 *
 * Two decisions about one candidate come out alike for the reason that two copies do in the paper: the first is a joint candidate itself; if it is
 * complete, the second sees it in every object that both are about; if not, nothing has been decided yet.
 */
export function classifyGroup(
  members: readonly GroupMember[],
  bindings: Bindings,
  thresholds: Thresholds,
): GroupClassification {
  const each = members.map(({ histories }) => classify(histories, thresholds));
  const complete = conditionedOnIfComplete(each);
  if (complete !== undefined) return { type: 'method', conditionedOn: complete };
  const group = members.map((member) => surveyed(member, thresholds));
  const open = firstOpen(group, bindings);
  if (open !== undefined) return { type: 'open', candidate: open };
  return (
    inlineMethod(group, bindings, thresholds) ??
    copy(group, bindings, thresholds) ?? {
      type: 'barrier',
      conditionedOn: group.map(
        ({ histories }) => newestRepairable(histories, isVersionAt, thresholds.repairable)?.candidate,
      ),
      latestTime: group.map(({ newest }) => newest).reduce(later),
    }
  );
}

/**
 * The joint candidates in an object's histories that may be unfinished: newer than all that is known to be settled, because it is
 * complete, or because a repairable candidate that is no joint copy is conditioned on it: correct replicas accepted that one, as a method on what
 * they saw complete, or as a copy of an object alone, when no joint candidate was unsettled.
 */
export function unsettledJoint(histories: readonly WeighedHistory[], thresholds: Thresholds): Timestamp[] {
  return jointSince(histories, settledTime(histories, thresholds));
}

/** The joint candidates in an object's histories that are newer than this, each once. */
export function jointSince(histories: readonly WeighedHistory[], settled: Timestamp): Timestamp[] {
  const found: Timestamp[] = [];
  for (const { history } of histories) {
    for (let offset = history.length - CANDIDATE_BYTES; offset >= 0; offset -= CANDIDATE_BYTES) {
      const timestamp = timestampOf(history.subarray(offset));
      if (compareTimestamps(timestamp, settled) <= 0) break;
      if (!isJointAt(timestamp, 0)) continue;
      if (!found.some((known) => compareTimestamps(known, timestamp) === 0)) found.push(timestamp);
    }
  }
  return found;
}

/** The time up to which nothing of the object is undecided. */
export function settledTime(histories: readonly WeighedHistory[], thresholds: Thresholds): Timestamp {
  let settled = INITIAL_TIMESTAMP;
  for (const { history } of histories) {
    for (let offset = history.length - CANDIDATE_BYTES; offset >= 0; offset -= CANDIDATE_BYTES) {
      // What is older than this in the history cannot settle more.
      if (compareTimestampsAt(history, offset, settled, 0) <= 0) break;
      if (isBarrierAt(history, offset)) continue;
      const candidate = history.subarray(offset, offset + CANDIDATE_BYTES);
      settled = later(settled, settledBy(candidate, orderOf(histories, candidate, history), thresholds));
    }
  }
  return settled;
}

function settledBy(candidate: Candidate, order: number, { quorum, repairable }: Thresholds): Timestamp {
  if (order >= quorum) return timestampOf(candidate);
  return order >= repairable && !isJointCopyAt(candidate, 0) ? conditionedOnOf(candidate) : INITIAL_TIMESTAMP;
}

interface Surveyed extends GroupMember {
  readonly newest: Timestamp;
  readonly settled: Timestamp;
  readonly unsettled: readonly Timestamp[];
}

function surveyed({ object, histories }: GroupMember, thresholds: Thresholds): Surveyed {
  const settled = settledTime(histories, thresholds);
  return { object, histories, newest: newestTimeOf(histories), settled, unsettled: jointSince(histories, settled) };
}

function conditionedOnIfComplete(each: readonly Classification[]): Candidate[] | undefined {
  const conditionedOn: Candidate[] = [];
  for (const classification of each) {
    if (classification.type !== 'method') return undefined;
    conditionedOn.push(classification.conditionedOn);
  }
  return conditionedOn;
}

function firstOpen(group: readonly Surveyed[], bindings: Bindings): Timestamp | undefined {
  const names = new Set(group.map(({ object }) => object));
  for (const { unsettled } of group) {
    const open = unsettled.find((timestamp) => {
      const binding = bindings.of(operationDigestOf(timestamp));
      return binding === undefined || !binding.objects.every((object) => names.has(object));
    });
    if (open !== undefined) return open;
  }
  return undefined;
}

function inlineMethod(
  group: readonly Surveyed[],
  bindings: Bindings,
  thresholds: Thresholds,
): GroupClassification | undefined {
  const { newest } = group[0] ?? {};
  if (thresholds.inlineRepair === false || newest === undefined || !isJointAt(newest, 0)) return undefined;
  const binding = bindings.of(operationDigestOf(newest));
  if (binding === undefined || binding.objects.length !== group.length) return undefined;
  const candidates: Candidate[] = [];
  for (const { histories } of group) {
    const repairable = newestRepairable(histories, isVersionAt, thresholds.repairable);
    if (repairable === undefined || !isSame(timestampOf(repairable.candidate), newest)) return undefined;
    if (!isSame(newestTimeOf(histories), newest)) return undefined;
    candidates.push(repairable.candidate);
  }
  return { type: 'inlineMethod', candidates };
}

function copy(group: readonly Surveyed[], bindings: Bindings, thresholds: Thresholds): GroupClassification | undefined {
  const barriers: Candidate[] = [];
  for (const { histories, newest } of group) {
    const barrier = newestRepairable(histories, isBarrierAt, thresholds.repairable);
    if (barrier === undefined || barrier.order < thresholds.quorum) return undefined;
    if (!isSame(timestampOf(barrier.candidate), newest)) return undefined;
    barriers.push(barrier.candidate);
  }
  const conditionedOn = survivors(group, bindings, thresholds);
  return conditionedOn && { type: 'copy', conditionedOn, barriers };
}

/**
 * What is to survive of each object: its newest repairable version, save joint ones that another object of theirs has a rival for. A joint candidate
 * that is complete has none: in all its objects it is repairable, and what is newer and repairable there is conditioned on it or what came
 * after. Undefined if an object shows no version at all, as its histories were pruned between the answers.
 */
function survivors(
  group: readonly Surveyed[],
  bindings: Bindings,
  thresholds: Thresholds,
): readonly Candidate[] | undefined {
  const givenUp: Timestamp[] = [];
  for (;;) {
    const chosen = new Map<string, Candidate>();
    for (const { object, histories } of group) {
      const mayBe = (history: ReplicaHistory, offset: number) =>
        isVersionAt(history, offset) && !givenUp.some((other) => compareTimestampsAt(history, offset, other, 0) === 0);
      const newest = newestRepairable(histories, mayBe, thresholds.repairable);
      if (newest === undefined) return undefined;
      chosen.set(object, newest.candidate);
    }
    const loser = newestLoser(group, chosen, bindings);
    if (loser === undefined) return [...chosen.values()];
    givenUp.push(loser);
  }
}

/**
 * A joint candidate that was chosen in one of its objects, while in another one something was that does not contain it. The newest, if there are several:
 * what it stood in the way of may be chosen then.
 */
function newestLoser(
  group: readonly Surveyed[],
  chosen: ReadonlyMap<string, Candidate>,
  bindings: Bindings,
): Timestamp | undefined {
  let newest: Timestamp | undefined;
  for (const { object, settled } of group) {
    const candidate = chosen.get(object);
    if (candidate === undefined || !isJointAt(candidate, 0)) continue;
    const timestamp = timestampOf(candidate);
    if (compareTimestamps(timestamp, settled) <= 0) continue;
    const binding = bindings.of(operationDigestOf(timestamp));
    const others = group.filter((other) => binding?.objects.includes(other.object));
    if (!others.some((other) => isRival(chosen.get(other.object), timestamp, other.settled))) continue;
    newest = newest === undefined ? timestamp : later(newest, timestamp);
  }
  return newest;
}

/**
 * Whether what was chosen in an object excludes a joint candidate of it that is not settled there: neither is it that one, nor conditioned on it or on
 * something later. That time stands in for descent is sound because copies wait for complete barriers in every object: what one of them did not see
 * has at most 2b holders, liars included, and is never repairable again.
 */
function isRival(chosen: Candidate | undefined, joint: Timestamp, settled: Timestamp): boolean {
  if (chosen === undefined || compareTimestamps(joint, settled) <= 0) return false;
  return !isSame(timestampOf(chosen), joint) && compareTimestamps(conditionedOnOf(chosen), joint) < 0;
}

function isSame(a: Timestamp, b: Timestamp): boolean {
  return compareTimestamps(a, b) === 0;
}

function later(a: Timestamp, b: Timestamp): Timestamp {
  return compareTimestamps(a, b) >= 0 ? a : b;
}
