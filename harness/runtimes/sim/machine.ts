import type { Microseconds } from '../../../src/kernel/time.ts';
import { Core, type Scheduled } from './core.ts';
import type { VirtualEvent, VirtualTime } from './virtual-time.ts';

/** A tick of the kernel's clock (CONFIG_HZ=250). */
const TICK_US = 4_000;
/** `sched_migration_cost`: a node that ran later than this ago is taken to be in its core's caches still. */
const HOT_US = 500;
/** Ticks between two looks of a busy core for work elsewhere: 16 times the 2 ms of two cores (`busy_factor`). */
const BUSY_TICKS = 8;
/** `cache_nice_tries` among cores that share no cache but the last: after more failures, hot nodes are moved as well. */
const NICE_TRIES = 1;

/** A machine that is busy does not look for idle cores (`imbalance_pct`): of c cores at utilisation u it looks at c (1 - (1.17 u)²). */
const IMBALANCE = 1.17;
/** Utilisation is a mean that halves in 32 ms. */
const REMEMBERED = 0.5 ** (TICK_US / 32_000);

/**
 * The cores of one machine, as Linux shares them among nodes that sleep and wake often. A node wakes on the core that it ran on last; if that
 * is busy, it goes to an idle one, but only while the machine's utilisation is low (`update_idle_cpu_scan`): on two cores below 60 %.
 * Above, only a core that runs out of work takes a node that waits for another, if it is not hot; and at some ticks cores compare how many want to run.
 * Where such a tick found nothing but hot nodes, and another did before, the next may be hot.
 */
export class Machine {
  readonly #time: VirtualTime;
  readonly #cores: readonly Core[];
  /** By core: at how many ticks in a row it found nothing but hot nodes. */
  readonly #failures = new Map<Core, number>();
  #placed = 0;
  #ticks = 0;
  /** Mean over cores, 0 to 1. */
  #utilisation = 0;
  readonly #tick: VirtualEvent = { happen: (nowUs) => this.#onTick(nowUs) };

  constructor(time: VirtualTime, cores: number, timeSliceUs: Microseconds) {
    this.#time = time;
    this.#cores = Array.from({ length: cores }, () => new Core(timeSliceUs));
  }

  /** The core that a new node is on; one after the other gets one. */
  place(): Core {
    const core = this.#cores[this.#placed % this.#cores.length];
    if (core === undefined) throw new Error('a machine has a core');
    // A node that has the machine for itself has nothing to be balanced with.
    if (++this.#placed === 2) this.#time.at(this.#time.nowUs + TICK_US, this.#tick);
    return core;
  }

  /** The node has work. */
  wake(node: Scheduled, nowUs: Microseconds): void {
    const idle = node.core.isIdle || !this.#looksForIdle() ? undefined : this.#cores.find((core) => core.isIdle);
    if (idle !== undefined) {
      node.core.remove(node, nowUs);
      node.core = idle;
    }
    node.core.wake(node, nowUs);
  }

  #looksForIdle(): boolean {
    return this.#cores.length * (1 - (IMBALANCE * this.#utilisation) ** 2) >= 1;
  }

  /** The node that runs on its core sleeps. */
  sleep({ core }: Scheduled, nowUs: Microseconds): void {
    core.sleep(nowUs);
    if (core.isIdle) this.#pull(core, nowUs);
  }

  #onTick(nowUs: Microseconds): void {
    this.#ticks++;
    let busyUs = 0;
    for (const core of this.#cores) {
      core.tick(nowUs);
      busyUs += core.takeBusyUs(nowUs);
    }
    const utilisation = busyUs / (TICK_US * this.#cores.length);
    this.#utilisation = REMEMBERED * this.#utilisation + (1 - REMEMBERED) * utilisation;
    for (const [index, core] of this.#cores.entries()) {
      if (core.isIdle || (this.#ticks + index) % BUSY_TICKS === 0) this.#balance(core, nowUs);
    }
    this.#time.at(nowUs + TICK_US, this.#tick);
  }

  #balance(core: Core, nowUs: Microseconds): void {
    if (this.#pull(core, nowUs) === 'only hot') this.#failures.set(core, this.#failuresOf(core) + 1);
  }

  /** Takes a node that waits from the core that has most to do. */
  #pull(core: Core, nowUs: Microseconds): 'moved' | 'balanced' | 'only hot' {
    const busiest = this.#busiest();
    if (busiest.runnable - core.runnable < 2) return 'balanced';
    const node = busiest.waiting.find((other) => this.#failuresOf(core) > NICE_TRIES || isCool(other, nowUs));
    if (node === undefined) return 'only hot';
    this.#failures.delete(core);
    busiest.remove(node, nowUs);
    core.adopt(node, nowUs);
    return 'moved';
  }

  #failuresOf(core: Core): number {
    return this.#failures.get(core) ?? 0;
  }

  #busiest(): Core {
    return this.#cores.reduce((busiest, core) => (core.runnable > busiest.runnable ? core : busiest));
  }
}

function isCool({ ranUntilUs }: Scheduled, nowUs: Microseconds): boolean {
  return nowUs - ranUntilUs >= HOT_US;
}
