import type { Microseconds } from '../../src/kernel/time.ts';

const READINGS = 100_000;

/** What lies between two readings of the clock with nothing between them. */
export function clockCostUs(): Microseconds {
  let sum = 0;
  for (let reading = 0; reading < READINGS; reading++) {
    const startedMs = performance.now();
    sum += performance.now() - startedMs;
  }
  return (sum / READINGS) * 1e3;
}
