import type { TimerId } from '../../src/kernel/participant.ts';
import type { Microseconds } from '../../src/kernel/time.ts';

/** The deadlines of one participant. */
export type Deadlines = Map<TimerId, Microseconds>;

/** Something that owns timers. */
export interface TimerOwner {
  readonly deadlines: Deadlines;
}

interface Due<Owner> {
  readonly owner: Owner;
  readonly timer: TimerId;
  readonly atUs: Microseconds;
}

/**
 * Real-time timers of many participants behind one armed `setTimeout`. A request sets and cancels timers that hardly ever fire, so
 * both cost one Map operation; the price, a look at all deadlines, is paid when the armed time has come.
 */
export class Timers<Owner extends TimerOwner> {
  readonly #owners: Owner[] = [];
  readonly #clock: () => Microseconds;
  readonly #expire: (owner: Owner, timer: TimerId) => void;
  #armedAtUs = Number.POSITIVE_INFINITY;
  #armed: NodeJS.Timeout | undefined;

  constructor(clock: () => Microseconds, expire: (owner: Owner, timer: TimerId) => void) {
    this.#clock = clock;
    this.#expire = expire;
  }

  /** When `check` may have something to do next; Infinity if nothing is set. */
  get nextDeadlineUs(): Microseconds {
    return this.#armedAtUs;
  }

  add(owner: Owner): void {
    this.#owners.push(owner);
  }

  set(owner: Owner, timer: TimerId, atUs: Microseconds): void {
    owner.deadlines.set(timer, atUs);
    if (atUs < this.#armedAtUs) this.#arm(atUs);
  }

  cancel(owner: Owner, timer: TimerId): void {
    owner.deadlines.delete(timer);
  }

  /** Expires what is due; costs one clock reading if nothing is armed for now. */
  check(): void {
    if (this.#armedAtUs <= this.#clock()) this.#fire();
  }

  close(): void {
    clearTimeout(this.#armed);
    // Whatever is set from now on is not earlier, and arms nothing.
    this.#armedAtUs = Number.NEGATIVE_INFINITY;
    this.#owners.length = 0;
  }

  #arm(atUs: Microseconds): void {
    clearTimeout(this.#armed);
    this.#armedAtUs = atUs;
    const delayMs = Math.max(0, Math.ceil((atUs - this.#clock()) / 1e3));
    this.#armed = setTimeout(() => this.#fire(), Math.min(delayMs, 2 ** 31 - 1));
  }

  #fire(): void {
    clearTimeout(this.#armed);
    this.#armedAtUs = Number.POSITIVE_INFINITY;
    const now = this.#clock();
    const due: Due<Owner>[] = [];
    let next = Number.POSITIVE_INFINITY;
    for (const owner of this.#owners) {
      for (const [timer, atUs] of owner.deadlines) {
        if (atUs <= now) due.push({ owner, timer, atUs });
        else if (atUs < next) next = atUs;
      }
    }
    if (next < Number.POSITIVE_INFINITY) this.#arm(next);
    due.sort((a, b) => a.atUs - b.atUs);
    for (const { owner, timer, atUs } of due) {
      // An earlier expiry of this round may have moved or cancelled it.
      if (owner.deadlines.get(timer) !== atUs) continue;
      owner.deadlines.delete(timer);
      this.#expire(owner, timer);
    }
  }
}
