import type { Authentication } from '../kernel/authentication.ts';
import type { ReplicaId } from '../kernel/identifiers.ts';
import { sameBytes } from '../wire/bytes.ts';
import { historyDigest, type ObjectHistorySet, UNKNOWN } from './history-set.ts';
import { type Candidate, holdsCandidate } from './replica-history.ts';
import type { ReplicatedObject } from './replicated-object.ts';

/** What a replica makes of a history set that a client sent. */
export interface AppraisedSet {
  readonly set: ObjectHistorySet;
  /** Of the set's different histories. */
  readonly digests: readonly Uint8Array[];
  /** For each different history, how many replicas it authentically speaks for. */
  readonly weights: readonly number[];
}

/**
 * The own history needs no tag; an outdated one of the own is left out like a forged one, as only the client says that it ever was this
 * replica's. `entries`: for each replica, its authenticator's entry for this one, from `offset` on.
 */
export function appraise(
  object: ReplicatedObject<unknown>,
  set: ObjectHistorySet,
  entries: Uint8Array,
  offset: number,
  self: ReplicaId,
  authentication: Authentication,
): AppraisedSet {
  const { histories, indexes } = set;
  const digests = historyDigests(object, set, authentication);
  const weights = new Array<number>(histories.length).fill(0);
  for (let replica = 0; replica < indexes.length; replica++) {
    const index = indexes[replica] ?? UNKNOWN;
    const digest = digests[index];
    if (digest === undefined) continue;
    const authentic =
      replica === self
        ? digest === object.digest
        : authentication.verify(replica, digest, entries, offset + replica * authentication.tagBytes);
    if (authentic) weights[index] = (weights[index] ?? 0) + 1;
  }
  return { set, digests, weights };
}

/** Most often the set's histories are all this replica's own, whose digest is known. */
function historyDigests(
  object: ReplicatedObject<unknown>,
  { histories }: ObjectHistorySet,
  authentication: Authentication,
): Uint8Array[] {
  return histories.map((history) =>
    sameBytes(history, object.history) ? object.digest : historyDigest(authentication, object.nameBytes, history),
  );
}

/** The other replicas that, authentically, hold a candidate. */
export function holdersOf(candidate: Candidate, { set, weights }: AppraisedSet, self: ReplicaId): ReplicaId[] {
  const { histories, indexes } = set;
  const holders: ReplicaId[] = [];
  for (let replica = 0; replica < indexes.length; replica++) {
    const index = indexes[replica] ?? UNKNOWN;
    const history = histories[index];
    if (replica === self || history === undefined || weights[index] === 0) continue;
    if (holdsCandidate(history, candidate)) holders.push(replica);
  }
  return holders;
}
