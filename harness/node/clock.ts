import { performance } from 'node:perf_hooks';
import type { Microseconds } from '../../src/kernel/time.ts';

/**
 * `performance.now` counts from the start of its thread, `process.hrtime` from one origin for all processes of a host, on the
 * same monotonic clock. The offset is taken once, from the tightest of some readings, because `performance.now` makes no garbage.
 */
const offsetUs = measureOffset();

function measureOffset(): Microseconds {
  let tightest = Number.POSITIVE_INFINITY;
  let offset = 0;
  for (let reading = 0; reading < 20; reading++) {
    const before = performance.now();
    const [seconds, nanoseconds] = process.hrtime();
    const after = performance.now();
    if (after - before >= tightest) continue;
    tightest = after - before;
    offset = seconds * 1e6 + nanoseconds / 1e3 - ((before + after) / 2) * 1e3;
  }
  return offset;
}

/** Monotonic, comparable between processes and threads of one host to about a microsecond. */
export function hostClockUs(): Microseconds {
  return performance.now() * 1e3 + offsetUs;
}
