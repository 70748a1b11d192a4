import type { ReplicaId } from '../../src/kernel/identifiers.ts';
import { equalBytes } from './digest.ts';
import type { View } from './message.ts';

/** What one replica answered, authenticated. */
export interface Answer {
  readonly view: View;
  readonly tentative: boolean;
  /** The result, or its digest where the result is large. */
  readonly essence: Uint8Array;
  readonly large: boolean;
  /** A large result, from those who sent it whole. */
  readonly whole: Uint8Array | undefined;
}

/** How many equal answers make a result. */
export interface AnswersNeeded {
  /** Of replicas that have committed the request, or executed it tentatively in one view. */
  readonly tentative: number;
  /** Of replicas that have committed the request. */
  readonly committed: number;
}

/** The latest answer of each replica to one request. */
export class Answers {
  readonly #byReplica: (Answer | undefined)[];

  constructor(replicas: number) {
    this.#byReplica = new Array<Answer | undefined>(replicas).fill(undefined);
  }

  clear(): void {
    this.#byReplica.fill(undefined);
  }

  /** Whether an answer of `from` would add to what is known, by what it says of itself: one that does not costs no MAC. */
  needs(from: ReplicaId, view: View, tentative: boolean, whole: boolean): boolean {
    const known = this.#byReplica[from];
    if (known === undefined || (whole && known.large && known.whole === undefined)) return true;
    return known.tentative && (!tentative || view > known.view);
  }

  /** These bytes, to be kept: the array of an equal answer, or a copy, since they lie in the buffer that their message came in. */
  kept(essence: Uint8Array): Uint8Array {
    for (const answer of this.#byReplica) {
      if (answer !== undefined && equalBytes(answer.essence, essence)) return answer.essence;
    }
    return new Uint8Array(essence);
  }

  put(from: ReplicaId, answer: Answer): void {
    this.#byReplica[from] = answer;
  }

  /**
   * The result that enough answers agree on, `answer` among them; undefined if there is none yet. Tentative answers count together only if
   * they are of one view: prepared by f+1 correct replicas, but each in another view, a batch may still be given up.
   */
  resultWith(answer: Answer, needed: AnswersNeeded): Uint8Array | undefined {
    let committed = 0;
    let together = 0;
    let { whole } = answer;
    for (const other of this.#byReplica) {
      if (other === undefined || other.large !== answer.large || !equalBytes(other.essence, answer.essence)) continue;
      if (!other.tentative) committed++;
      if (!other.tentative || other.view === answer.view) together++;
      whole ??= other.whole;
    }
    if (committed < needed.committed && together < needed.tentative) return undefined;
    return answer.large ? whole : answer.essence;
  }

  /** Whether `needed` equal answers are still possible, replicas that have not answered counted for any. */
  canAgree(needed: number): boolean {
    let open = 0;
    for (const answer of this.#byReplica) if (answer === undefined) open++;
    if (open >= needed) return true;
    return this.#byReplica.some((answer) => answer !== undefined && open + this.#equalTo(answer) >= needed);
  }

  #equalTo({ large, essence }: Answer): number {
    let equal = 0;
    for (const other of this.#byReplica) {
      if (other !== undefined && other.large === large && equalBytes(other.essence, essence)) equal++;
    }
    return equal;
  }
}
