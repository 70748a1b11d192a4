import type { Microseconds } from '../../../src/kernel/time.ts';
import type { CollectorCosts } from '../../costs/cost-profile.ts';
import type { RandomStream } from '../../node/random.ts';

/** A node's garbage collector: whenever the node has worked for so long, it pauses. The first pause comes at random within that time. */
export class Collector {
  readonly pauseUs: Microseconds;
  readonly #everyUs: Microseconds;
  /** In the node's CPU time. */
  #dueUs: Microseconds;

  /** Without costs it never pauses. */
  constructor(costs: CollectorCosts | undefined, random: RandomStream) {
    this.#everyUs = costs?.everyUs ?? Number.POSITIVE_INFINITY;
    this.pauseUs = costs?.pauseUs ?? 0;
    this.#dueUs = costs === undefined ? Number.POSITIVE_INFINITY : costs.everyUs * random();
  }

  /** Pauses that a node owes which has worked for so long, those of before included. */
  pausesUntil(workedUs: Microseconds): number {
    if (workedUs < this.#dueUs) return 0;
    const pauses = 1 + Math.floor((workedUs - this.#dueUs) / this.#everyUs);
    this.#dueUs += pauses * this.#everyUs;
    return pauses;
  }
}
