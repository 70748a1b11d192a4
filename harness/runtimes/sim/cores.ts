import type { Microseconds } from '../../../src/kernel/time.ts';

/** A node that runs on a core of its machine. */
export interface Scheduled {
  /** A core is the node's from `startUs` on; it gives it back with `release`. */
  begin(startUs: Microseconds): void;
}

/** The cores of one machine: who comes first is served first. A node that has work keeps its core for a time slice while others wait. */
export class Cores {
  readonly timeSliceUs: Microseconds;
  #free: number;
  readonly #waiting: Scheduled[] = [];
  #served = 0;

  constructor(count: number, timeSliceUs: Microseconds) {
    this.#free = count;
    this.timeSliceUs = timeSliceUs;
  }

  get someoneWaits(): boolean {
    return this.#served < this.#waiting.length;
  }

  /** Whether a core was free; else the node is served when its turn has come. */
  take(node: Scheduled): boolean {
    if (this.#free > 0) {
      this.#free--;
      return true;
    }
    this.#waiting.push(node);
    return false;
  }

  /** The core of a node that sleeps or waits again. */
  release(nowUs: Microseconds): void {
    const next = this.#waiting[this.#served];
    if (next === undefined) {
      this.#free++;
      return;
    }
    this.#served++;
    // Cut when most has been served, so that the list stays as short as it is long.
    if (this.#served > 64 && 2 * this.#served > this.#waiting.length) {
      this.#waiting.splice(0, this.#served);
      this.#served = 0;
    }
    next.begin(nowUs);
  }
}
