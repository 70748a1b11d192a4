import type { Microseconds } from '../../src/kernel/time.ts';
import { hostClockUs } from './clock.ts';
import type { RingLink } from './ring-link.ts';

/** How long rounds go on before the event loop is served: a pass through it costs as much as some tens of messages. */
const TURN_US = 1_000;
/** Longest sleep, since what the event loop waits for cannot end it. */
const MOST_SLEEP_MS = 10;
/** The event loop's timers fire up to a millisecond late; this keeps the thread from spinning until they do. */
const LEAST_SLEEP_MS = 0.1;

export interface RingLoopOptions {
  readonly link: Pick<RingLink, 'round' | 'sleep'>;
  /** When the node wants to act next though nothing comes in; Infinity if never. */
  readonly nextDeadlineUs: () => Microseconds;
}

/**
 * Drives a link for as long as it is not stopped, in turns that leave room for the thread's event loop. A thread with nothing to do sleeps
 * on its doorbell and not in the event loop: to be woken costs the sender less, and messages don't pass through the loop.
 */
export class RingLoop {
  readonly #options: RingLoopOptions;
  #next: NodeJS.Immediate | undefined;

  constructor(options: RingLoopOptions) {
    this.#options = options;
  }

  start(): void {
    this.#next ??= setImmediate(() => this.#turn());
  }

  stop(): void {
    clearImmediate(this.#next);
  }

  #turn(): void {
    const { link } = this.#options;
    this.#next = setImmediate(() => this.#turn());
    let nowUs = hostClockUs();
    const endUs = nowUs + TURN_US;
    let hasSlept = false;
    while (nowUs < endUs) {
      if (link.round()) hasSlept = false;
      // Woken for nothing that came in: by time, or for the event loop.
      else if (hasSlept) return;
      else {
        link.sleep(this.#sleepMs(nowUs));
        hasSlept = true;
      }
      nowUs = hostClockUs();
    }
  }

  #sleepMs(nowUs: Microseconds): number {
    const untilDeadlineMs = (this.#options.nextDeadlineUs() - nowUs) / 1e3;
    return Math.min(MOST_SLEEP_MS, Math.max(LEAST_SLEEP_MS, untilDeadlineMs));
  }
}
