import { type Batch, isComplete, type PendingRequest, supply } from './batch.ts';
import { equalBytes } from './digest.ts';
import type { Digest, SequenceNumber, View } from './message.ts';

/** A proposal that the primary authenticated and that refers to requests which this backup lacks. */
export interface IncompleteProposal {
  readonly view: View;
  readonly sequence: SequenceNumber;
  readonly batch: Batch;
}

/**
 * Proposals that wait for the bodies of large requests: at most one for each sequence number between the watermarks. The body comes
 * from its client, most often before the proposal; where it was lost, the other replicas are asked for the batch with all bodies.
 */
export class IncompleteProposals {
  readonly #bySequence = new Map<SequenceNumber, IncompleteProposal>();

  has(sequence: SequenceNumber, view: View): boolean {
    return this.#bySequence.get(sequence)?.view === view;
  }

  add(proposal: IncompleteProposal): void {
    this.#bySequence.set(proposal.sequence, proposal);
  }

  /** Forgets what is of an earlier view, or was executed without it. */
  discard(view: View, executed: SequenceNumber): void {
    for (const [sequence, proposal] of this.#bySequence) {
      if (proposal.view !== view || sequence <= executed) this.#bySequence.delete(sequence);
    }
  }

  /** The proposals that are complete with this request. */
  completedBy(pending: PendingRequest): readonly IncompleteProposal[] {
    const { digest, decoded, request } = pending;
    if (digest === undefined || this.#bySequence.size === 0) return [];
    const completed: IncompleteProposal[] = [];
    for (const proposal of this.#bySequence.values()) {
      for (const reference of proposal.batch.references) {
        if (reference.body !== undefined || !equalBytes(reference.digest, digest)) continue;
        supply(proposal.batch, reference, decoded, request);
        if (isComplete(proposal.batch)) completed.push(proposal);
      }
    }
    for (const { sequence } of completed) this.#bySequence.delete(sequence);
    return completed;
  }

  /** Takes out the proposal of the batch with this digest. */
  take(digest: Digest): IncompleteProposal | undefined {
    for (const proposal of this.#bySequence.values()) {
      if (!equalBytes(proposal.batch.digest, digest)) continue;
      this.#bySequence.delete(proposal.sequence);
      return proposal;
    }
    return undefined;
  }

  get size(): number {
    return this.#bySequence.size;
  }

  digests(): Digest[] {
    return [...this.#bySequence.values()].map(({ batch }) => batch.digest);
  }
}
