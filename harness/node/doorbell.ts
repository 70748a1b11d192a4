const AWAKE = 0;
const ASLEEP = 1;
const RUNG = 2;

/** Wakes one thread out of its sleep on a cell of shared memory, and costs others next to nothing while it is awake. */
export class Doorbell {
  readonly #cell: Int32Array<SharedArrayBuffer>;

  /** `cell` has one element, zero at first. */
  constructor(cell: Int32Array<SharedArrayBuffer>) {
    this.#cell = cell;
  }

  /** Wakes the thread if it sleeps. To be called after leaving it something that it looks for before it sleeps. */
  wake(): void {
    if (Atomics.load(this.#cell, 0) !== ASLEEP) return;
    // Of several senders one makes the system call.
    if (Atomics.compareExchange(this.#cell, 0, ASLEEP, AWAKE) === ASLEEP) Atomics.notify(this.#cell, 0);
  }

  /** Wakes the thread, and if it is awake, keeps it from its next sleep. */
  ring(): void {
    if (Atomics.exchange(this.#cell, 0, RUNG) === ASLEEP) Atomics.notify(this.#cell, 0);
  }

  /**
   * To be called by the thread itself: sleeps until it is woken, and at most `timeoutMs`. Does not sleep if it was rung for or
   * `hasWork` holds, which is asked after others can see that this thread is about to sleep.
   */
  sleep(timeoutMs: number, hasWork: () => boolean): void {
    if (Atomics.compareExchange(this.#cell, 0, AWAKE, ASLEEP) === AWAKE && !hasWork()) {
      Atomics.wait(this.#cell, 0, ASLEEP, timeoutMs);
    }
    Atomics.store(this.#cell, 0, AWAKE);
  }
}
