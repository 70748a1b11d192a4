import type { ReplicaId } from '../kernel/identifiers.ts';
import { copyOf, sameBytes } from '../wire/bytes.ts';
import type { DigestedHistory } from './history-set.ts';
import { addReplica, includesReplica, type Quorum, type ReplicaSet, replicaSetBytes } from './replica-set.ts';

/** How a round stands: still open, enough replicas accepted, or enough answered to see that it must be evaluated anew. */
export type RoundState = 'open' | 'accepted' | 'refused';

interface ResultVotes {
  readonly result: Uint8Array;
  /** For queries, the version that was read. */
  readonly basis: Uint8Array;
  votes: number;
}

/** One object's history as a replica has shown it. */
export interface Shown {
  readonly history: DigestedHistory;
  readonly authenticator: Uint8Array;
}

/** An authentic answer, of which the history sets are brought up to date when the round ends. */
export interface Answer extends Shown {
  readonly from: ReplicaId;
  /** Beside the first, in the order in which the round asked for them. */
  readonly others: readonly Shown[];
}

/** The answers to one round of requests. A round is sent to the preferred quorum, or to all replicas once that did not answer in time. */
export class Round {
  readonly number: number;
  readonly contacted: Quorum;
  readonly #quorum: number;
  readonly #answered: ReplicaSet;
  readonly #results: ResultVotes[] = [];
  readonly answers: Answer[] = [];
  #accepted = 0;

  constructor(number: number, contacted: Quorum, quorum: number, replicas: number) {
    this.number = number;
    this.contacted = contacted;
    this.#quorum = quorum;
    this.#answered = new Uint8Array(replicaSetBytes(replicas));
  }

  hasAnswer(from: ReplicaId): boolean {
    return includesReplica(this.#answered, from);
  }

  get unanswered(): ReplicaId[] {
    return this.contacted.members.filter((replica) => !this.hasAnswer(replica));
  }

  record(answer: Answer, accepted: boolean, result: Uint8Array, basis: Uint8Array): RoundState {
    addReplica(this.#answered, answer.from);
    this.answers.push(answer);
    if (accepted) {
      this.#accepted++;
      this.#vote(result, basis);
    }
    if (this.#accepted >= this.#quorum) return 'accepted';
    const possible = this.#accepted + this.contacted.members.length - this.answers.length;
    return this.hasQuorum && possible < this.#quorum ? 'refused' : 'open';
  }

  /** Whether a quorum has answered, one way or the other. */
  get hasQuorum(): boolean {
    return this.answers.length >= this.#quorum;
  }

  /** The result that at least `least` replicas gave, on `basis` if that is asked for. */
  result(least: number, basis?: Uint8Array): Uint8Array | undefined {
    const found = this.#results.find(
      (candidate) => candidate.votes >= least && (basis === undefined || sameBytes(candidate.basis, basis)),
    );
    return found?.result;
  }

  #vote(result: Uint8Array, basis: Uint8Array): void {
    const same = this.#results.find((known) => sameBytes(known.result, result) && sameBytes(known.basis, basis));
    if (same === undefined) this.#results.push({ result: copyOf(result), basis: copyOf(basis), votes: 1 });
    else same.votes++;
  }
}
