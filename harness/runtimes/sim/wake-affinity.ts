import type { Scheduled } from './core.ts';

/**
 * Whether a node that wakes another may draw it to its own core (`wake_wide` of Linux): only if the two change whom they wake about as often. Who wakes
 * many, and is woken by one that does not, would draw all of them to one place.
 *
 * The kernel halves its counts each second, which leaves their ratio as it is. It also lets any node be drawn that has hardly ever changed whom it
 * wakes; none is such for long, as every process now and then wakes its parent or a thread of its own.
 */
export class WakeAffinity {
  /** Cores that share a cache: here, all. */
  readonly #cores: number;
  readonly #lastWoken = new Map<Scheduled, Scheduled>();
  readonly #changes = new Map<Scheduled, number>();

  constructor(cores: number) {
    this.#cores = cores;
  }

  record(waker: Scheduled, woken: Scheduled): void {
    if (this.#lastWoken.get(waker) === woken) return;
    this.#lastWoken.set(waker, woken);
    this.#changes.set(waker, this.#changesOf(waker) + 1);
  }

  areAlike(one: Scheduled, other: Scheduled): boolean {
    const changes = this.#changesOf(one);
    const others = this.#changesOf(other);
    return Math.max(changes, others) < this.#cores * Math.min(changes, others);
  }

  #changesOf(node: Scheduled): number {
    return this.#changes.get(node) ?? 0;
  }
}
