import { protocolNamed } from '../../baselines/registry.ts';
import { hmacSha256 } from '../../src/crypto/hmac-sha256.ts';
import type { Microseconds } from '../../src/kernel/time.ts';
import { median } from '../metrics/median.ts';
import { DirectDeployment } from './direct-deployment.ts';

const CLIENTS = 16;
const WARM_UP_MS = 1_500;
/** Several pieces, of which the median counts: others take the machine for tenths of a second now and then. */
const PIECES = 9;
const TIME_MS = 150;
/** What it takes to tell the speed once, after the first time. */
export const PROBING_MS = PIECES * TIME_MS;

/**
 * How fast this machine is at the moment. Virtual machines share caches, memory and more with others, and the same work takes half as long
 * again in some minutes as in others; what is measured at different times can be compared by what a fixed piece of work took at both.
 *
 * The work is that of a run: updates of Q/U by all participants in one thread, which is hashing, allocation and memory in the mixture that
 * protocols have. It holds the thread for its time, so it is for the moments between measurements.
 */
export class HostSpeed {
  readonly #work = new DirectDeployment(protocolNamed('qu'), 1, hmacSha256, CLIENTS);
  readonly #probesUs: Microseconds[] = [];

  /** µs of one update, now. */
  probeUs(): Microseconds {
    if (this.#probesUs.length === 0) this.#run(WARM_UP_MS);
    const pieces = Array.from({ length: PIECES }, () => this.#run(TIME_MS));
    const probeUs = median(pieces);
    this.#probesUs.push(probeUs);
    return probeUs;
  }

  /** The speed that it had in most of the time: the median of all that has been measured so far. */
  get usualProbeUs(): Microseconds {
    return this.#probesUs.length === 0 ? this.probeUs() : median(this.#probesUs);
  }

  /** What `work` resolves to, and the mean of what an update took before and after it. */
  async beside<Value>(work: () => Promise<Value>): Promise<{ readonly value: Value; readonly probeUs: Microseconds }> {
    const beforeUs = this.probeUs();
    const value = await work();
    return { value, probeUs: (beforeUs + this.probeUs()) / 2 };
  }

  #run(timeMs: number): Microseconds {
    const startedMs = performance.now();
    let updates = 0;
    while (performance.now() - startedMs < timeMs) {
      this.#work.updateAll();
      updates += CLIENTS;
    }
    return ((performance.now() - startedMs) * 1e3) / updates;
  }
}
