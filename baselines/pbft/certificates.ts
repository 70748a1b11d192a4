import type { ReplicaId } from '../../src/kernel/identifiers.ts';
import { equalBytes } from './digest.ts';
import type { Digest } from './message.ts';

/** The digest that each replica voted for, by replica; undefined where no vote was accepted. */
export type Votes = readonly (Digest | undefined)[];

/** Votes for `digest`, those of `except` not counted. */
export function votesFor(votes: Votes, digest: Digest, except: ReplicaId | undefined = undefined): number {
  let count = 0;
  for (let replica = 0; replica < votes.length; replica++) {
    const vote = votes[replica];
    if (vote !== undefined && replica !== except && equalBytes(vote, digest)) count++;
  }
  return count;
}

/** What one replica knows of one sequence number in one view. */
export interface Ballot {
  /** Of the batch in the pre-prepare that was accepted in this view. */
  readonly digest: Digest | undefined;
  readonly prepares: Votes;
  readonly commits: Votes;
}

/** [TOCS §4.1] prepared(m, v, n, i): the pre-prepare and 2f prepares that match it, from different backups, the own one included. */
export function prepared(ballot: Ballot, faults: number): boolean {
  return ballot.digest !== undefined && votesFor(ballot.prepares, ballot.digest) >= 2 * faults;
}

/** [TOCS §4.1] committed-local(m, v, n, i): prepared, and 2f+1 commits that match, the own one included. */
export function committed(ballot: Ballot, faults: number): boolean {
  return (
    ballot.digest !== undefined && prepared(ballot, faults) && votesFor(ballot.commits, ballot.digest) >= 2 * faults + 1
  );
}

/** Prepares that a replica needs from others: 2f at the primary, which sends none itself, 2f − 1 at a backup. */
export function preparesNeededFromOthers(isPrimary: boolean, faults: number): number {
  return isPrimary ? 2 * faults : 2 * faults - 1;
}

/** Commits that a replica needs from others beside its own. */
export function commitsNeededFromOthers(faults: number): number {
  return 2 * faults;
}

/**
 * Checkpoints of one sequence number that a replica needs from others beside its own, taken or about to be fetched: f + 1 correct ones then
 * hold that state, so that it can be fetched whoever fails. f + 1 in all would prove the state right, f nothing.
 */
export function checkpointsNeededFromOthers(faults: number): number {
  return 2 * faults;
}

/** [TOCS §5] VIEW-CHANGEs that decide what a new view starts from: any two sets of so many share a correct author. */
export function viewChangesNeeded(faults: number): number {
  return 2 * faults + 1;
}
