import type { ReplicaId } from '../../src/kernel/identifiers.ts';
import { checkpointsNeededFromOthers, votesFor } from './certificates.ts';
import { NULL_DIGEST } from './digest.ts';
import type { Checkpoint, Digest, SequenceNumber } from './message.ts';
import type { CheckpointMark } from './new-view.ts';

/** A checkpoint that this replica took or fetched. */
export interface HeldCheckpoint extends CheckpointMark {
  readonly snapshot: Uint8Array;
  /** What it multicast. */
  readonly message: Checkpoint;
}

/** Own checkpoints from the stable one on, and what others say of theirs (§4.3). */
export class Checkpoints {
  readonly #replicas: number;
  readonly #faults: number;
  readonly #self: ReplicaId;
  readonly #held = new Map<SequenceNumber, HeldCheckpoint>();
  /** Others' digests for each sequence number within the log. */
  readonly #votes = new Map<SequenceNumber, (Digest | undefined)[]>();
  /** Each other replica's latest checkpoint beyond the log: this replica is far behind if they agree. */
  readonly #beyond: (CheckpointMark | undefined)[];
  #stable: CheckpointMark = { sequence: 0, digest: NULL_DIGEST };

  constructor(replicas: number, faults: number, self: ReplicaId) {
    this.#replicas = replicas;
    this.#faults = faults;
    this.#self = self;
    this.#beyond = new Array<CheckpointMark | undefined>(replicas).fill(undefined);
  }

  get stable(): CheckpointMark {
    return this.#stable;
  }

  held(sequence: SequenceNumber): HeldCheckpoint | undefined {
    return this.#held.get(sequence);
  }

  /** Own checkpoints, oldest first. */
  allHeld(): IterableIterator<HeldCheckpoint> {
    return this.#held.values();
  }

  /** C of a view change. */
  marks(): CheckpointMark[] {
    const marks = [...this.#held.values()].map(({ sequence, digest }) => ({ sequence, digest }));
    return this.#held.has(this.#stable.sequence) ? marks : [this.#stable, ...marks];
  }

  /** Whether a checkpoint that did not become stable is held. */
  get hasUnstable(): boolean {
    for (const sequence of this.#held.keys()) if (sequence > this.#stable.sequence) return true;
    return false;
  }

  hold(checkpoint: HeldCheckpoint): void {
    this.#held.set(checkpoint.sequence, checkpoint);
  }

  /** Whether a vote of `from` would add to what is known; `high` is the log's high watermark. */
  needs(from: ReplicaId, { sequence, digest }: CheckpointMark, high: SequenceNumber): boolean {
    if (sequence > high) return (this.#beyond[from]?.sequence ?? 0) < sequence;
    const votes = this.#votes.get(sequence);
    if (votes === undefined) return true;
    return votes[from] === undefined && votesFor(votes, digest) < checkpointsNeededFromOthers(this.#faults);
  }

  vote(from: ReplicaId, { sequence, digest }: CheckpointMark, high: SequenceNumber): void {
    if (sequence > high) {
      this.#beyond[from] = { sequence, digest };
      return;
    }
    let votes = this.#votes.get(sequence);
    if (votes === undefined) {
      votes = new Array<Digest | undefined>(this.#replicas).fill(undefined);
      this.#votes.set(sequence, votes);
    }
    votes[from] = digest;
  }

  /** The highest own checkpoint above the stable one that 2f others confirm: it can become stable. */
  certified(): HeldCheckpoint | undefined {
    let highest: HeldCheckpoint | undefined;
    for (const held of this.#held.values()) {
      if (held.sequence <= this.#stable.sequence) continue;
      const votes = this.#votes.get(held.sequence);
      if (votes !== undefined && votesFor(votes, held.digest) >= checkpointsNeededFromOthers(this.#faults))
        highest = held;
    }
    return highest;
  }

  /** The highest checkpoint above `executed` that 2f others agree on: with this replica it will be a quorum's. */
  ahead(executed: SequenceNumber): CheckpointMark | undefined {
    let highest: CheckpointMark | undefined;
    const consider = (mark: CheckpointMark, votes: readonly (Digest | undefined)[]) => {
      if (mark.sequence <= executed || mark.sequence <= (highest?.sequence ?? 0)) return;
      if (votesFor(votes, mark.digest, this.#self) >= checkpointsNeededFromOthers(this.#faults)) highest = mark;
    };
    for (const [sequence, votes] of this.#votes) {
      for (const digest of votes) if (digest !== undefined) consider({ sequence, digest }, votes);
    }
    for (const mark of this.#beyond) {
      if (mark === undefined) continue;
      consider(
        mark,
        this.#beyond.map((other) => (other?.sequence === mark.sequence ? other.digest : undefined)),
      );
    }
    return highest;
  }

  /** Moves the stable checkpoint up and forgets what lies below. */
  stabilise(mark: CheckpointMark): void {
    this.#stable = { sequence: mark.sequence, digest: mark.digest };
    for (const sequence of this.#held.keys()) if (sequence < mark.sequence) this.#held.delete(sequence);
    for (const sequence of this.#votes.keys()) if (sequence <= mark.sequence) this.#votes.delete(sequence);
    for (let replica = 0; replica < this.#beyond.length; replica++) {
      if ((this.#beyond[replica]?.sequence ?? 0) <= mark.sequence) this.#beyond[replica] = undefined;
    }
  }
}
