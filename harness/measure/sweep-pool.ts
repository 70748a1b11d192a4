import { Piscina } from 'piscina';
import { compiledEntry } from '../node/entry.ts';
import { failureReason } from '../node/failure-reason.ts';
import { RuntimeFailure } from '../runtimes/runtime.ts';
import type { Outcome } from './campaign.ts';
import type { SweepTask } from './sweep-task.ts';

/** Threads that carry out simulated measurements, one each at a time. */
export class SweepPool {
  readonly #pool: Piscina<SweepTask, Outcome>;

  constructor(threads: number) {
    this.#pool = new Piscina<SweepTask, Outcome>({
      filename: compiledEntry('measure', 'sweep-entry'),
      name: 'measureTask',
      minThreads: 0,
      maxThreads: threads,
      concurrentTasksPerWorker: 1,
      // A thread starts with code that is not compiled yet: it is kept for as long as there may be tasks.
      idleTimeout: Number.POSITIVE_INFINITY,
      recordTiming: false,
    });
    // A thread that ends fails its task; without a task there is nothing to tell.
    this.#pool.on('error', () => {});
  }

  /** Rejects if `signal` is aborted, which ends the thread, and with a RuntimeFailure if the thread ends by itself. */
  async run(task: SweepTask, signal: AbortSignal): Promise<Outcome> {
    try {
      return await this.#pool.run(task, { signal });
    } catch (error) {
      signal.throwIfAborted();
      throw isThreadEnd(error)
        ? new RuntimeFailure(`a simulation's thread ended: ${failureReason(error)}${HINT}`)
        : error;
    }
  }

  /** Ends all threads. */
  close(): Promise<void> {
    return this.#pool.destroy();
  }
}

const HINT = '; fewer --jobs, or a shorter --duration, need less memory';

/** Whether the thread itself broke, and not what it carried out. */
function isThreadEnd(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? error.code : undefined;
  return code === 'ERR_WORKER_OUT_OF_MEMORY' || error.message.startsWith('worker exited with code');
}
