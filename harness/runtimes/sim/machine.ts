import type { Microseconds } from '../../../src/kernel/time.ts';
import { Core, type Scheduled, TICK_US } from './core.ts';
import type { VirtualEvent, VirtualTime } from './virtual-time.ts';
import { WakeAffinity } from './wake-affinity.ts';

/** `sched_migration_cost`: a node that ran later than this ago is taken to be in its core's caches still. */
const HOT_US = 500;
/** A core with work looks elsewhere after so long for each core of the machine (`busy_factor`), less a tick. */
const BUSY_FACTOR_US = 16_000;
/** `cache_nice_tries` among cores that share no cache but the last: after more failures, hot nodes are moved as well. */
const NICE_TRIES = 1;
/** Of c cores at utilisation u, c (1 - (1.17 u)²) are looked at for an idle one (`imbalance_pct`). */
const IMBALANCE = 1.17;
/** Utilisation is a mean that halves in 32 ms. */
const REMEMBERED = 0.5 ** (TICK_US / 32_000);

/** `base_slice` of Linux since 6.15, which grows with the number of cores up to 8. */
export function usualTimeSliceUs(cores: number): Microseconds {
  return 700 * (1 + Math.floor(Math.log2(Math.min(8, cores))));
}

/**
 * The cores of one machine, shared among nodes that sleep and wake often by the rules of Linux (6.18). A node wakes on the core that it ran
 * on last; if that is busy, an idle one is looked for, but only while the machine's utilisation is low (`update_idle_cpu_scan`): on two cores
 * below 60 %. Above, cores compare at some ticks how many nodes want to run, and who has fewer takes one that waits for another, if it is not hot. Where
 * two such ticks found nothing but hot nodes, the next to be moved may be hot. A core that runs out of work does not look for more at once
 * (`sched_balance_newidle`): the kernel does so only if its idle times are longer, on average, than looking has ever taken, and here they are some ten µs.
 *
 * A node that runs alone on its core and wakes one whose core is busy may draw it to its own (`wake_affine_idle`). That is seldom, but of all
 * moves it is the most frequent one: in traces of validated loads two of 100 nodes that woke moved, ten times as many as were pulled. Left out is what
 * weighs the cores' past load (`wake_affine_weight`: in the traces nodes moved by that far less often than the rule says; and in balancing, which here
 * counts the nodes that want to run), and that a node which was drawn may wake on its former core if that has become idle.
 *
 * Who wakes a node that is to have another core at once, idle or not, interrupts that core, which takes the waker's time.
 */
export class Machine {
  readonly #time: VirtualTime;
  readonly #cores: readonly Core[];
  readonly #busyTicks: number;
  /** By core: how often in a row it found nothing but hot nodes. */
  readonly #failures = new Map<Core, number>();
  readonly #affinity: WakeAffinity;
  /** Numbers of the cores that nodes are put on, in the order in which these come. */
  readonly #places: readonly number[];
  #placed = 0;
  #ticks = 0;
  /** Mean over cores, 0 to 1. */
  #utilisation = 0;
  readonly #tick: VirtualEvent = { happen: (nowUs) => this.#onTick(nowUs) };

  /** `places`: numbers of the cores that nodes are put on, in the order in which these come; beyond, and by default, one after the other gets one. */
  constructor(time: VirtualTime, cores: number, timeSliceUs: Microseconds, places: readonly number[] = []) {
    this.#time = time;
    this.#places = places;
    this.#cores = Array.from({ length: cores }, () => new Core(timeSliceUs));
    this.#affinity = new WakeAffinity(cores);
    this.#busyTicks = Math.max(1, Math.round((BUSY_FACTOR_US * cores) / TICK_US) - 1);
  }

  /** Whether several nodes are on it. */
  get isShared(): boolean {
    return this.#placed > 1;
  }

  /** The core that a new node is put on. */
  place(): Core {
    const core = this.#cores[this.#places[this.#placed] ?? this.#placed % this.#cores.length];
    if (core === undefined) throw new Error('a machine has a core');
    // A node that has the machine for itself has nothing to be balanced with.
    if (++this.#placed === 2) this.#time.at(this.#time.nowUs + TICK_US, this.#tick);
    return core;
  }

  /** The node has work. */
  wake(node: Scheduled, nowUs: Microseconds, waker?: Scheduled): void {
    if (waker !== undefined && !node.core.lingers(node)) this.#affinity.record(waker, node, nowUs);
    const core = this.#coreFor(node, waker);
    const fromElsewhere = waker !== undefined && waker.core !== core;
    const wasIdle = core.isIdle;
    const interrupt = core.wake(node, nowUs, fromElsewhere);
    if (!fromElsewhere || !(wasIdle || interrupt !== undefined)) return;
    const takesUs = waker.interruptCore();
    if (interrupt !== undefined) this.#time.at(nowUs + takesUs, interrupt);
  }

  /** Where a node that sleeps would wake; `waker` is the node that wakes it, if one does that while it runs. */
  #coreFor(node: Scheduled, waker?: Scheduled): Core {
    const { core } = node;
    // Who still counts on its core is not asleep to the kernel, and is not moved.
    if (core.isIdle || core.lingers(node)) return core;
    const draws = waker?.core.runsAlone(waker) === true && this.#affinity.mayDraw(waker, node);
    const target = draws ? waker.core : core;
    return this.#idleBeside(target) ?? target;
  }

  /** Of so many cores as the kernel looks at, the first that is idle. */
  #idleBeside(core: Core): Core | undefined {
    const count = this.#cores.length;
    const looks = Math.min(count - 1, Math.floor(count * (1 - (IMBALANCE * this.#utilisation) ** 2)));
    const home = this.#cores.indexOf(core);
    for (let step = 1; step <= looks; step++) {
      const other = this.#cores[(home + step) % count];
      if (other?.isIdle) return other;
    }
    return undefined;
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
      if (core.isIdle || (this.#ticks + index) % this.#busyTicks === 0) this.#balance(core, nowUs);
    }
    this.#time.at(nowUs + TICK_US, this.#tick);
  }

  #balance(core: Core, nowUs: Microseconds): void {
    const failed = !this.#pull(core, nowUs);
    if (failed) this.#failures.set(core, this.#failuresOf(core) + 1);
  }

  /** Takes a node that waits from the core that has most to do, if that has more. False if all that it found was hot. */
  #pull(core: Core, nowUs: Microseconds): boolean {
    const busiest = this.#busiest();
    if (busiest.runnable - core.runnable < 2) {
      this.#failures.delete(core);
      return true;
    }
    const node = busiest.waiting.find((other) => this.#failuresOf(core) > NICE_TRIES || isCool(other, nowUs));
    if (node === undefined) return false;
    this.#failures.delete(core);
    busiest.remove(node, nowUs);
    core.adopt(node, nowUs);
    return true;
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
