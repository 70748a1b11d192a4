import type { Microseconds } from '../../../src/kernel/time.ts';
import type { VirtualEvent } from './virtual-time.ts';

export type CoreState = 'awake' | 'asleep';

/** A node as its core sees it. */
export interface Scheduled {
  /** What it has had of its core, on a scale on which all nodes of the core advance together. */
  virtualUs: Microseconds;
  /** On that scale: when its present time slice is used up. */
  deadlineUs: Microseconds;
  /** How far it was behind the others when it slept or moved; negative: ahead. */
  lagUs: Microseconds;
  core: Core;
  /** When it last gave a core back. */
  ranUntilUs: Microseconds;
  /** The core is the node's: from `atUs` on if it was awake, and when it has woken if it was asleep, which is what is returned. */
  start(atUs: Microseconds, coreWas: CoreState): Microseconds;
  /** The core is another's; the node goes on when it is started again. */
  stop(nowUs: Microseconds): void;
  /** It interrupts another core, which keeps it for the time that is returned. */
  interruptCore(): Microseconds;
}

/** A tick of the kernel's clock (CONFIG_HZ=250). */
export const TICK_US = 4_000;
const ROUNDING_US = 1e-6;

/**
 * One core and who shares it, by the rule of Linux since 6.6 (EEVDF, after Stoica and Abdel-Wahab 1995): who has had no more than the mean of all is
 * eligible, and of the eligible that one runs whose slice ends first. A node that has had less than others keeps this advantage over its
 * sleep, so one that wakes often interrupts who has run for long. Nodes are of equal weight.
 */
export class Core {
  readonly #timeSliceUs: Microseconds;
  /** A lag is remembered up to this. */
  readonly #mostLagUs: Microseconds;
  #current: Scheduled | undefined;
  /** The time up to which the running node has been charged. */
  #accountedUs: Microseconds = 0;
  #busyUs: Microseconds = 0;
  /** When it has woken from its last sleep. */
  #awakeUs: Microseconds = 0;
  /** Where on the virtual scale the running node, while it is eligible, may be interrupted. */
  #protectedUntilUs: Microseconds = 0;
  /** On its way to who runs. */
  #interrupt: VirtualEvent | undefined;
  readonly #waiting: Scheduled[] = [];
  /** Nodes that sleep, but had had more than the mean: they count, and it can be their turn, which then is their end. */
  readonly #lingering: Scheduled[] = [];
  /** The mean while nobody is here. */
  #emptyVirtualUs: Microseconds = 0;

  constructor(timeSliceUs: Microseconds) {
    this.#timeSliceUs = timeSliceUs;
    this.#mostLagUs = Math.max(TICK_US, 2 * timeSliceUs);
  }

  get isIdle(): boolean {
    return this.#current === undefined;
  }

  /** Nodes that run or want to. */
  get runnable(): number {
    return this.#waiting.length + (this.#current === undefined ? 0 : 1);
  }

  /** Whether that node runs, and no other wants to. */
  runsAlone(node: Scheduled): boolean {
    return this.#current === node && this.#waiting.length === 0;
  }

  get waiting(): readonly Scheduled[] {
    return this.#waiting;
  }

  /** Whether a node that sleeps still counts here. */
  lingers(node: Scheduled): boolean {
    return this.#lingering.includes(node);
  }

  /**
   * The node has work. With `fromElsewhere`, who runs here goes on until the interrupt is there, which is returned, if that is needed; else who is to run
   * does so at once.
   */
  wake(node: Scheduled, nowUs: Microseconds, fromElsewhere = false): VirtualEvent | undefined {
    node.core = this;
    const lingered = this.lingers(node);
    const wasAlone = this.#here === 1;
    // The kernel places one that lingered before it looks for how long the other has run by now, which thus falls behind it.
    if (lingered) this.#rejoin(node);
    this.#account(nowUs);
    if (!lingered) {
      this.#settle(node, node.lagUs);
      if (this.#current === undefined) {
        this.#run(node, nowUs, 'asleep');
        return undefined;
      }
      this.#waiting.push(node);
    }
    // That a slice is used up does not matter to who has nobody beside him.
    const isExpired = !wasAlone && this.#isExpired();
    if (!isExpired && this.#choose() !== node) return undefined;
    // A core that is still waking looks who is to run when it is awake.
    if (!fromElsewhere || nowUs < this.#awakeUs) {
      this.#switchTo(this.#next(), nowUs);
      return undefined;
    }
    // One that is on its way does for both.
    if (this.#interrupt !== undefined) return undefined;
    const interrupt = { happen: (atUs: Microseconds) => this.#onInterrupt(interrupt, atUs) };
    this.#interrupt = interrupt;
    return interrupt;
  }

  #onInterrupt(interrupt: VirtualEvent, nowUs: Microseconds): void {
    if (this.#interrupt !== interrupt) return;
    this.#account(nowUs);
    this.#switchTo(this.#next(), nowUs);
  }

  /** The running node sleeps. */
  sleep(nowUs: Microseconds): void {
    this.#account(nowUs);
    const node = this.#current;
    if (node === undefined) return;
    node.lagUs = this.#lagUs(node);
    node.ranUntilUs = nowUs;
    if (node.lagUs < -ROUNDING_US) this.#lingering.push(node);
    this.#emptyVirtualUs = node.virtualUs;
    this.#current = undefined;
    this.#interrupt = undefined;
    if (this.#waiting.length > 0) this.#switchTo(this.#next(), nowUs);
    else this.#forget();
  }

  /** The kernel's clock ticks: a slice that is used up ends. */
  tick(nowUs: Microseconds): void {
    this.#account(nowUs);
    if (this.#waiting.length > 0 && this.#isExpired()) this.#switchTo(this.#next(), nowUs);
  }

  /** For how long nodes have run here since this was last asked. */
  takeBusyUs(nowUs: Microseconds): Microseconds {
    this.#account(nowUs);
    const busyUs = this.#busyUs;
    this.#busyUs = 0;
    return busyUs;
  }

  /** Takes a node that waits away, to give it to another core. */
  remove(node: Scheduled, nowUs: Microseconds): void {
    this.#account(nowUs);
    node.lagUs = this.#lagUs(node);
    this.#waiting.splice(this.#waiting.indexOf(node), 1);
  }

  /** Takes on a node that another core has given away; a core that is idle is asleep. */
  adopt(node: Scheduled, nowUs: Microseconds): void {
    node.core = this;
    this.#account(nowUs);
    this.#settle(node, node.lagUs);
    if (this.#current === undefined) return this.#run(node, nowUs, 'asleep');
    this.#waiting.push(node);
    if (this.#choose() === node) this.#switchTo(node, nowUs);
  }

  #account(nowUs: Microseconds): void {
    const node = this.#current;
    if (node === undefined || nowUs <= this.#accountedUs) return;
    node.virtualUs += nowUs - this.#accountedUs;
    this.#busyUs += nowUs - this.#accountedUs;
    this.#accountedUs = nowUs;
    if (node.virtualUs >= node.deadlineUs) node.deadlineUs = node.virtualUs + this.#timeSliceUs;
  }

  /** Puts a node among those who are here, so that it is behind the mean, its own place included, by its lag. */
  #settle(node: Scheduled, lagUs: Microseconds): void {
    const others = this.#here;
    node.virtualUs = others === 0 ? this.#emptyVirtualUs : this.#meanUs() - (lagUs * (others + 1)) / others;
    node.deadlineUs = node.virtualUs + this.#timeSliceUs;
  }

  /** All who count in the mean: nodes that run, wait or linger. */
  get #here(): number {
    return this.runnable + this.#lingering.length;
  }

  #meanUs(): Microseconds {
    const here = this.#here;
    if (here === 0) return this.#emptyVirtualUs;
    let sum = this.#current?.virtualUs ?? 0;
    for (const node of this.#waiting) sum += node.virtualUs;
    for (const node of this.#lingering) sum += node.virtualUs;
    return sum / here;
  }

  /** How far a node that is here is behind the mean, as far as that is remembered. */
  #lagUs(node: Scheduled): Microseconds {
    return Math.max(-this.#mostLagUs, Math.min(this.#meanUs() - node.virtualUs, this.#mostLagUs));
  }

  #isExpired(): boolean {
    const node = this.#current;
    return node !== undefined && node.virtualUs >= this.#protectedUntilUs;
  }

  /** Puts a node that lingered among those who wait: where it was, but no further behind the mean than that. */
  #rejoin(node: Scheduled): void {
    const isBehind = node.virtualUs < this.#meanUs();
    this.#lingering.splice(this.#lingering.indexOf(node), 1);
    if (isBehind) this.#settle(node, 0);
    this.#waiting.push(node);
  }

  /** Who is to run. Whose turn it is while he sleeps is gone, and has nothing saved. */
  #next(): Scheduled {
    for (;;) {
      const node = this.#choose();
      const lingering = this.#lingering.indexOf(node);
      if (lingering < 0) return node;
      node.lagUs = 0;
      this.#lingering.splice(lingering, 1);
    }
  }

  /** Whose turn it is, of all that are here; there is one. */
  #choose(): Scheduled {
    const eligibleUs = this.#eligibleUs();
    const current = this.#current;
    const mayStay = current !== undefined && current.virtualUs <= eligibleUs;
    if (mayStay && !this.#isExpired()) return current;
    let best: Scheduled | undefined;
    for (const nodes of [this.#waiting, this.#lingering]) {
      for (const node of nodes) {
        if (node.virtualUs <= eligibleUs && (best === undefined || node.deadlineUs < best.deadlineUs)) best = node;
      }
    }
    if (mayStay && (best === undefined || current.deadlineUs < best.deadlineUs)) return current;
    if (best === undefined) throw new Error('of nodes that share a core none is eligible');
    return best;
  }

  /** The mean; rounding must not leave it before all who are here. */
  #eligibleUs(): Microseconds {
    let leastUs = this.#current?.virtualUs ?? Number.POSITIVE_INFINITY;
    for (const { virtualUs } of this.#waiting) leastUs = Math.min(leastUs, virtualUs);
    for (const { virtualUs } of this.#lingering) leastUs = Math.min(leastUs, virtualUs);
    return Math.max(leastUs, this.#meanUs() + ROUNDING_US);
  }

  #switchTo(node: Scheduled, nowUs: Microseconds): void {
    this.#interrupt = undefined;
    if (node === this.#current) {
      this.#protectedUntilUs = node.deadlineUs;
      return;
    }
    const stopped = this.#current;
    this.#waiting.splice(this.#waiting.indexOf(node), 1);
    if (stopped !== undefined) {
      // Who has the core, but not yet woken it, has not begun.
      stopped.stop(Math.max(nowUs, this.#awakeUs));
      if (nowUs > this.#awakeUs) stopped.ranUntilUs = nowUs;
      this.#waiting.push(stopped);
    }
    this.#run(node, nowUs, 'awake');
  }

  #run(node: Scheduled, nowUs: Microseconds, coreWas: CoreState): void {
    this.#current = node;
    this.#protectedUntilUs = node.deadlineUs;
    const startUs = node.start(Math.max(nowUs, this.#awakeUs), coreWas);
    this.#accountedUs = startUs;
    if (coreWas === 'asleep') this.#awakeUs = startUs;
  }

  /** Nobody wants to run: who lingers has no one left to wait for. */
  #forget(): void {
    if (this.#lingering.length === 0) return;
    this.#emptyVirtualUs = this.#meanUs();
    for (const node of this.#lingering.splice(0)) node.lagUs = 0;
  }
}
