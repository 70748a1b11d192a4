import type { Microseconds } from '../../../src/kernel/time.ts';

/** A node that runs on a core of its machine. */
export interface Scheduled {
  /** The core that it ran on last. */
  core: number;
  /** Until when it did. */
  readonly ranUntilUs: Microseconds;
  /** Its core is the node's from `startUs` on; it gives it back with `release`. */
  begin(startUs: Microseconds): void;
}

/** Linux's `sched_migration_cost`: a node that ran later than this ago stays on its core. */
const HOT_US = 500;
/** A tick of the kernel's clock: no oftener its balancing moves what is hot, too. Here it looks when a core becomes idle. */
const BALANCE_US = 4_000;

/**
 * The cores of one machine, as Linux shares them among nodes that sleep and wake often. A node that wakes goes to the core that it ran on
 * last, or to another that is idle; where all are busy it queues at its own, first come, first served. A core that becomes idle takes a node from
 * another's queue only if that has not run for a while: what the kernel takes to be still in the other core's caches it does not move
 * (`task_hot`), but for one every few milliseconds.
 */
export class Cores {
  /** A node that has work keeps its core for so long while others wait for it. */
  readonly timeSliceUs: Microseconds;
  readonly #busy: boolean[];
  readonly #queues: Scheduled[][];
  #placed = 0;
  #balancedUs: Microseconds = 0;

  constructor(count: number, timeSliceUs: Microseconds) {
    this.timeSliceUs = timeSliceUs;
    this.#busy = new Array<boolean>(count).fill(false);
    this.#queues = this.#busy.map(() => []);
  }

  /** The core that a new node is on; one after the other gets one. */
  place(): number {
    return this.#placed++ % this.#busy.length;
  }

  /** Whether others wait for the node's core. */
  someoneWaitsFor({ core }: Scheduled): boolean {
    return (this.#queues[core]?.length ?? 0) > 0;
  }

  /** Whether a core was idle, which is the node's now; else it begins when its turn has come. */
  take(node: Scheduled): boolean {
    const idle = this.#busy[node.core] === false ? node.core : this.#busy.indexOf(false);
    if (idle < 0) {
      this.#queues[node.core]?.push(node);
      return false;
    }
    node.core = idle;
    this.#busy[idle] = true;
    return true;
  }

  /** The core of a node that sleeps. */
  release({ core }: Scheduled, nowUs: Microseconds): void {
    const next = this.#queues[core]?.shift() ?? this.#stolen(nowUs);
    if (next === undefined) {
      this.#busy[core] = false;
      return;
    }
    next.core = core;
    next.begin(nowUs);
  }

  #stolen(nowUs: Microseconds): Scheduled | undefined {
    for (const queue of this.#queues) {
      const first = queue[0];
      if (first === undefined) continue;
      const isHot = nowUs - first.ranUntilUs < HOT_US;
      if (isHot && nowUs - this.#balancedUs < BALANCE_US) continue;
      if (isHot) this.#balancedUs = nowUs;
      return queue.shift();
    }
    return undefined;
  }

  /** The core of a node that has work, but has had its time: it queues behind the others. */
  yield(node: Scheduled, nowUs: Microseconds): void {
    this.#queues[node.core]?.push(node);
    this.release(node, nowUs);
  }
}
