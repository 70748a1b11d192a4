import type { ReplicaId } from '../../src/kernel/identifiers.ts';
import { equalBytes } from './digest.ts';
import { type Digest, primaryOf, type View } from './message.ts';

/**
 * VIEW-CHANGE-ACKs that the primary of a new view needs before it takes a replica's VIEW-CHANGE into S (Castro's thesis, §3.2.4): 2f − 1 from
 * others than the author and itself. With the primary they are 2f replicas that hold the message. Is the author faulty, at most f − 1 of
 * these are, so that beside the primary at least f correct ones can vouch for the message before any backup that the author left out
 * (`acksToAccept`). Is the author correct, its own authenticator convinces everyone. One ack fewer, and a faulty author together with faulty
 * acknowledgers gets a message into S that a correct backup can never check: the view fails, and so does every later one in which they do it
 * again. More cannot be waited for: of the 2f + 1 replicas that are sure to answer, two are the author and the primary.
 *
 * The primary's own VIEW-CHANGE needs none: a correct primary knows its authenticator to be right for all.
 */
export function acksToInclude(faults: number): number {
  return 2 * faults - 1;
}

/**
 * VIEW-CHANGE-ACKs on which a backup accepts a VIEW-CHANGE that NEW-VIEW names and that its author did not authenticate to it: f, which are
 * f + 1 vouchers with the primary that named it, so one is correct, and received it from its author. A correct author sent no other one,
 * and a faulty one may claim what it likes. With f − 1 the faulty replicas could put words into a correct author's mouth, that it had nothing
 * prepared, and what was committed would be lost.
 */
export function acksToAccept(faults: number): number {
  return faults;
}

/** What each replica acknowledged last of each author: n² entries at most. */
export class Acknowledgements {
  readonly #replicas: number;
  readonly #byAuthor: ({ readonly view: View; readonly digest: Digest } | undefined)[];

  constructor(replicas: number) {
    this.#replicas = replicas;
    this.#byAuthor = new Array<{ view: View; digest: Digest } | undefined>(replicas * replicas).fill(undefined);
  }

  /** Whether an ack says something new. An author vouches for itself by its authenticator only. */
  adds(acknowledger: ReplicaId, author: ReplicaId, view: View, digest: Digest): boolean {
    if (acknowledger === author || author >= this.#replicas) return false;
    const known = this.#byAuthor[author * this.#replicas + acknowledger];
    return known === undefined || known.view < view || (known.view === view && !equalBytes(known.digest, digest));
  }

  put(acknowledger: ReplicaId, author: ReplicaId, view: View, digest: Digest): void {
    this.#byAuthor[author * this.#replicas + acknowledger] = { view, digest };
  }

  /** Replicas that acknowledged this VIEW-CHANGE last. The view's primary, which speaks by NEW-VIEW, does not count among them. */
  count(author: ReplicaId, view: View, digest: Digest): number {
    const primary = primaryOf(view, this.#replicas);
    let count = 0;
    for (let acknowledger = 0; acknowledger < this.#replicas; acknowledger++) {
      if (acknowledger === primary) continue;
      const known = this.#byAuthor[author * this.#replicas + acknowledger];
      if (known !== undefined && known.view === view && equalBytes(known.digest, digest)) count++;
    }
    return count;
  }
}
