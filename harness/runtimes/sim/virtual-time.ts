import type { Microseconds } from '../../../src/kernel/time.ts';
import { EventQueue } from './event-queue.ts';

/** Something that happens at a point of virtual time. */
export interface VirtualEvent {
  happen(nowUs: Microseconds): void;
}

/** The clock of a simulation: it stands still while something happens, and jumps to what happens next. */
export class VirtualTime {
  readonly #events = new EventQueue<VirtualEvent>();
  #nowUs: Microseconds = 0;

  get nowUs(): Microseconds {
    return this.#nowUs;
  }

  /** Events of one time happen in the order in which they were asked for. */
  at(timeUs: Microseconds, event: VirtualEvent): void {
    this.#events.push(timeUs, event);
  }

  /**
   * Lets happen what happens up to and including `untilUs`, but at most `mostEvents` events. True once the clock stands at `untilUs` with nothing
   * left to happen before.
   */
  runUntil(untilUs: Microseconds, mostEvents: number): boolean {
    for (let handled = 0; handled < mostEvents; handled++) {
      const atUs = this.#events.peekTime();
      if (atUs === undefined || atUs > untilUs) {
        this.#nowUs = Math.max(this.#nowUs, untilUs);
        return true;
      }
      const next = this.#events.pop();
      if (next === undefined) continue;
      this.#nowUs = Math.max(this.#nowUs, atUs);
      next.happen(this.#nowUs);
    }
    return false;
  }
}
