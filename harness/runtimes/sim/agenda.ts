import type { Microseconds } from '../../../src/kernel/time.ts';
import type { VirtualEvent, VirtualTime } from './virtual-time.ts';

/** The work of a node that is still to come, each part at its time; all of it waits while the node's core is another's. */
export class Agenda implements VirtualEvent {
  readonly #time: VirtualTime;
  /** In the order of their times, less `#shiftUs`; those before `#done` have happened. */
  readonly #timesUs: Microseconds[] = [];
  readonly #parts: VirtualEvent[] = [];
  #done = 0;
  #shiftUs: Microseconds = 0;
  /** When the next part happens; NaN while none does. What was scheduled for an earlier time is out of date. */
  #nextUs: Microseconds = Number.NaN;
  #suspendedUs: Microseconds = Number.NaN;

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  get isEmpty(): boolean {
    return this.#done === this.#parts.length;
  }

  /** Not before the parts that are there. */
  add(atUs: Microseconds, part: VirtualEvent): void {
    const wasEmpty = this.isEmpty;
    this.#timesUs.push(atUs - this.#shiftUs);
    this.#parts.push(part);
    if (wasEmpty) this.#schedule();
  }

  /** Everything comes so much later. */
  delay(spanUs: Microseconds): void {
    this.#shiftUs += spanUs;
    this.#schedule();
  }

  suspend(nowUs: Microseconds): void {
    this.#suspendedUs = nowUs;
    this.#nextUs = Number.NaN;
  }

  resume(nowUs: Microseconds): void {
    const spanUs = nowUs - this.#suspendedUs;
    this.#suspendedUs = Number.NaN;
    this.delay(spanUs);
  }

  happen(nowUs: Microseconds): void {
    // Not `!==`: rounding may have put the part's time just before the present.
    if (!(nowUs >= this.#nextUs)) return;
    const part = this.#parts[this.#done++];
    if (this.isEmpty) {
      this.#timesUs.length = 0;
      this.#parts.length = 0;
      this.#done = 0;
      this.#shiftUs = 0;
    }
    this.#schedule();
    part?.happen(nowUs);
  }

  #schedule(): void {
    const waits = this.isEmpty || !Number.isNaN(this.#suspendedUs);
    this.#nextUs = waits ? Number.NaN : (this.#timesUs[this.#done] ?? 0) + this.#shiftUs;
    if (!waits) this.#time.at(this.#nextUs, this);
  }
}
