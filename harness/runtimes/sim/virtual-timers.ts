import type { TimerId } from '../../../src/kernel/participant.ts';
import type { Microseconds } from '../../../src/kernel/time.ts';

/**
 * The timers of one participant in virtual time. Protocols set and cancel one with nearly every operation and hardly ever see one expire; an
 * event in the queue for each would make that queue as long as all the operations of the next seconds. So deadlines stay here, and the queue
 * gets one event for the earliest of them, a wake-up. When that has come, the deadline it was for has mostly moved: the next wake-up
 * is then for the earliest there is.
 */
export class VirtualTimers {
  readonly #schedule: (atUs: Microseconds) => void;
  readonly #deadlines = new Map<TimerId, Microseconds>();
  /** Times of the wake-ups in the queue: each earlier than those before it, so the last is the next. */
  readonly #wakeUps: Microseconds[] = [];

  /** `schedule` puts an event for that time into the queue, at which `expire` is to be called. */
  constructor(schedule: (atUs: Microseconds) => void) {
    this.#schedule = schedule;
  }

  /** Setting a timer that is set already moves it. */
  set(timer: TimerId, atUs: Microseconds): void {
    this.#deadlines.set(timer, atUs);
    this.#wakeAt(atUs);
  }

  cancel(timer: TimerId): void {
    this.#deadlines.delete(timer);
  }

  cancelAll(): void {
    this.#deadlines.clear();
  }

  /** Whether `expire` would have something to do: a wake-up is mostly for a timer that was moved since, and then costs its node nothing. */
  isDue(nowUs: Microseconds): boolean {
    return this.#earliest() <= nowUs;
  }

  /**
   * Hands over what is due, the earliest first, of equal deadlines the timer with the smaller number. To be called at every wake-up, at its
   * time or later; at other times it does no harm. A timer that is set meanwhile, even to a time that has passed, waits for the next call.
   */
  expire(nowUs: Microseconds, handle: (timer: TimerId) => void): void {
    while ((this.#wakeUps.at(-1) ?? Number.POSITIVE_INFINITY) <= nowUs) this.#wakeUps.pop();
    if (this.isDue(nowUs)) this.#expireDue(nowUs, handle);
    const next = this.#earliest();
    if (next < Number.POSITIVE_INFINITY) this.#wakeAt(next);
  }

  #expireDue(nowUs: Microseconds, handle: (timer: TimerId) => void): void {
    const due = [...this.#deadlines].filter(([, atUs]) => atUs <= nowUs);
    due.sort(([timer, atUs], [otherTimer, otherAtUs]) => atUs - otherAtUs || timer - otherTimer);
    for (const [timer, atUs] of due) {
      // One that expired before it may have moved or cancelled it.
      if (this.#deadlines.get(timer) !== atUs) continue;
      this.#deadlines.delete(timer);
      handle(timer);
    }
  }

  #wakeAt(atUs: Microseconds): void {
    if (atUs >= (this.#wakeUps.at(-1) ?? Number.POSITIVE_INFINITY)) return;
    this.#wakeUps.push(atUs);
    this.#schedule(atUs);
  }

  #earliest(): Microseconds {
    let earliest = Number.POSITIVE_INFINITY;
    for (const atUs of this.#deadlines.values()) if (atUs < earliest) earliest = atUs;
    return earliest;
  }
}
