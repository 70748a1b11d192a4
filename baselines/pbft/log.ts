import { type Batch, NULL_BATCH } from './batch.ts';
import { equalBytes, NULL_DIGEST } from './digest.ts';
import type { Digest, PrePrepare, SequenceNumber, View, Vote } from './message.ts';

/** A batch that was pre-prepared, and the latest view in which it was. */
interface PrePrepared {
  view: View;
  readonly batch: Batch;
}

/** One sequence number: its ballot in the current view, and what a view change must remember of earlier ones. */
export class Instance {
  readonly sequence: SequenceNumber;
  digest: Digest | undefined;
  batch: Batch | undefined;
  prepares: (Digest | undefined)[];
  commits: (Digest | undefined)[];
  prepared = false;
  committed = false;
  /** What this replica sent in the current view, to be sent again to those that lack it. */
  sentPrePrepare: PrePrepare | undefined;
  sentPrepare: Vote | undefined;
  sentCommit: Vote | undefined;
  /** [TOCS §5] This sequence number's entry in P: the digest prepared in the latest view. */
  lastPrepared: { readonly view: View; readonly digest: Digest } | undefined;
  /** [TOCS §5] Its entries in Q: each digest pre-prepared, with the latest view. */
  readonly prePrepared: PrePrepared[] = [];

  constructor(sequence: SequenceNumber, replicas: number) {
    this.sequence = sequence;
    this.prepares = new Array<Digest | undefined>(replicas).fill(undefined);
    this.commits = new Array<Digest | undefined>(replicas).fill(undefined);
  }

  /** Takes `batch` as pre-prepared in `view`. Of more than `most` different ones the latest are remembered, which bounds Q. */
  accept(view: View, batch: Batch, most: number): void {
    this.digest = batch.digest;
    this.batch = batch;
    const known = this.prePrepared.find((entry) => equalBytes(entry.batch.digest, batch.digest));
    if (known !== undefined) known.view = view;
    else this.prePrepared.push({ view, batch });
    if (this.prePrepared.length > most) {
      const oldest = this.prePrepared.reduce((least, entry) => (entry.view < least.view ? entry : least));
      this.prePrepared.splice(this.prePrepared.indexOf(oldest), 1);
    }
  }

  /** A new view begins: its ballot starts empty, what earlier views prepared is kept. */
  resetBallot(): void {
    this.digest = undefined;
    this.batch = undefined;
    this.prepares.fill(undefined);
    this.commits.fill(undefined);
    this.prepared = false;
    this.committed = false;
    this.sentPrePrepare = undefined;
    this.sentPrepare = undefined;
    this.sentCommit = undefined;
  }
}

/**
 * The instances between the watermarks: sequence numbers low + 1 … low + size. §4.3 suggests L = 2K; the room here is larger, because over
 * streams a replica that was kept from its core finds some hundred votes of one peer in a row before the first of the next, and those
 * beyond the log are lost to it: it then has to be told again, or to fetch the state.
 */
export class Log {
  readonly size: number;
  readonly #replicas: number;
  readonly #slots: (Instance | undefined)[];
  #low: SequenceNumber = 0;
  /** The highest sequence number that an instance was opened for in the current view. */
  #highest: SequenceNumber = 0;

  constructor(size: number, replicas: number) {
    this.size = size;
    this.#replicas = replicas;
    this.#slots = new Array<Instance | undefined>(size).fill(undefined);
  }

  get low(): SequenceNumber {
    return this.#low;
  }

  get high(): SequenceNumber {
    return this.#low + this.size;
  }

  get highest(): SequenceNumber {
    return this.#highest;
  }

  holds(sequence: SequenceNumber): boolean {
    return sequence > this.#low && sequence <= this.high;
  }

  find(sequence: SequenceNumber): Instance | undefined {
    const instance = this.#slots[sequence % this.size];
    return instance?.sequence === sequence ? instance : undefined;
  }

  /** The instance of a sequence number between the watermarks, opened if it is not. */
  open(sequence: SequenceNumber): Instance {
    const known = this.find(sequence);
    if (sequence > this.#highest) this.#highest = sequence;
    if (known !== undefined) return known;
    const instance = new Instance(sequence, this.#replicas);
    this.#slots[sequence % this.size] = instance;
    return instance;
  }

  /** All instances, by sequence number. */
  *instances(): Generator<Instance> {
    for (let sequence = this.#low + 1; sequence <= this.high; sequence++) {
      const instance = this.find(sequence);
      if (instance !== undefined) yield instance;
    }
  }

  /** The highest sequence number that was prepared in any view, or lies below the log. */
  get highestPrepared(): SequenceNumber {
    let highest = this.#low;
    for (const { sequence, lastPrepared } of this.instances()) if (lastPrepared !== undefined) highest = sequence;
    return highest;
  }

  /** Moves the low watermark up to a stable checkpoint and discards what lies below. */
  truncate(stable: SequenceNumber): void {
    for (let sequence = this.#low + 1; sequence <= Math.min(stable, this.high); sequence++) {
      const instance = this.find(sequence);
      if (instance !== undefined) this.#slots[sequence % this.size] = undefined;
    }
    this.#low = Math.max(this.#low, stable);
    this.#highest = Math.max(this.#highest, stable);
  }

  /** Empties all ballots for a new view whose last proposal is `last`. P and Q entries above it are kept. */
  resetBallots(last: SequenceNumber): void {
    for (const instance of this.instances()) instance.resetBallot();
    this.#highest = Math.max(last, this.#low);
  }

  batchWith(digest: Digest): Batch | undefined {
    if (equalBytes(digest, NULL_DIGEST)) return NULL_BATCH;
    for (const instance of this.instances()) {
      const found = instance.prePrepared.find(({ batch }) => equalBytes(batch.digest, digest));
      if (found !== undefined) return found.batch;
    }
    return undefined;
  }
}
