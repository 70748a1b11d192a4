import type { ReplicaId } from '../kernel/identifiers.ts';
import type { TimerId } from '../kernel/participant.ts';
import { copyOf, sameBytes } from '../wire/bytes.ts';
import type { Timestamp } from './timestamp.ts';

/** Rounds of asking before the requests that wait are refused; their clients will learn more and ask again. */
const MOST_ATTEMPTS = 4;
/** Requests that may wait for one object's version. */
const MOST_WAITING = 64;

/**
 * Fetching one missing version of one object [QU §3.5]. All holders that the history set shows are asked; b+1 equal answers hold one of a
 * correct replica, which is proof enough. The set shows at least 2b+1 holders, so at least b+1 correct ones.
 */
export class ObjectSync<Request> {
  readonly timestamp: Timestamp;
  readonly holders: readonly ReplicaId[];
  readonly timer: TimerId;
  readonly #answers = new Map<ReplicaId, Uint8Array>();
  readonly #without = new Set<ReplicaId>();
  readonly #waiting: Request[] = [];
  #attempts = 1;

  constructor(timestamp: Timestamp, holders: readonly ReplicaId[], timer: TimerId) {
    this.timestamp = copyOf(timestamp);
    this.holders = holders;
    this.timer = timer;
  }

  /** Requests that came for the object meanwhile; they are handled again when the version is there. */
  get waiting(): readonly Request[] {
    return this.#waiting;
  }

  /** False if too many wait already. */
  wait(request: Request): boolean {
    if (this.#waiting.length >= MOST_WAITING) return false;
    this.#waiting.push(request);
    return true;
  }

  /** Records an authentic answer; the version once `needed` holders have given the same. */
  answer(from: ReplicaId, version: Uint8Array, needed: number): Uint8Array | undefined {
    if (!this.holders.includes(from)) return undefined;
    this.#answers.set(from, copyOf(version));
    let equal = 0;
    for (const other of this.#answers.values()) if (sameBytes(other, version)) equal++;
    return equal >= needed ? version : undefined;
  }

  /**
   * Records that a holder has nothing to give. True once `needed` have: of b+1 one is correct, and a correct replica lets a version go
   * only for a later complete one, so nobody will give this one any more and whatever waits for it is out of date.
   */
  lacks(from: ReplicaId, needed: number): boolean {
    if (this.holders.includes(from)) this.#without.add(from);
    return this.#without.size >= needed;
  }

  /** False when it is time to give up. */
  retry(): boolean {
    return ++this.#attempts <= MOST_ATTEMPTS;
  }
}
