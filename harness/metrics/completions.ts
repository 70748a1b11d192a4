import { build } from 'hdr-histogram-js';
import type { Microseconds } from '../../src/kernel/time.ts';
import type { DriverHistory, MeasuredWindow } from '../workload/history.ts';

/** What the clients saw in the window. Latency counts from an operation's invocation to its end, for those that ended inside. */
export interface Completions {
  readonly operations: number;
  /** Clients that have begun operations, and none of them ended in the window. */
  readonly starvedClients: number;
  /** Operations that ended in each fifth of the window. */
  readonly fifths: readonly number[];
  /** Undefined if nothing ended. */
  readonly latency: LatencySummary | undefined;
}

/** Microseconds. Percentiles to three significant digits. */
export interface LatencySummary {
  readonly meanUs: Microseconds;
  readonly p50Us: Microseconds;
  readonly p90Us: Microseconds;
  readonly p99Us: Microseconds;
  readonly p999Us: Microseconds;
  readonly maxUs: Microseconds;
}

const FIFTHS = 5;
/** The histogram counts whole nanoseconds: a microsecond would round a latency of some dozens by percents. */
const NANOSECONDS = 1_000;

/** Reads the operations that ended in [start, end). All drivers go into one histogram before any percentile is taken. */
export function completionsIn(window: MeasuredWindow, histories: readonly DriverHistory[]): Completions {
  const { startUs, endUs } = window;
  const histogram = build({ bitBucketSize: 64, numberOfSignificantValueDigits: 3, autoResize: true });
  const fifths = Array.from({ length: FIFTHS }, () => 0);
  const fifthUs = (endUs - startUs) / FIFTHS;
  const clients = new Set<number>();
  const served = new Set<number>();
  let operations = 0;
  let sumUs = 0;
  let maxUs = 0;
  for (const history of histories) {
    for (let index = 0; index < history.length; index++) {
      const completedUs = history.completedUs[index] ?? Number.NaN;
      const client = history.client[index] ?? 0;
      clients.add(client);
      if (!(completedUs >= startUs && completedUs < endUs)) continue;
      const latencyUs = completedUs - (history.invokedUs[index] ?? Number.NaN);
      operations++;
      served.add(client);
      sumUs += latencyUs;
      maxUs = Math.max(maxUs, latencyUs);
      histogram.recordValue(Math.round(latencyUs * NANOSECONDS));
      const fifth = Math.min(FIFTHS - 1, Math.floor((completedUs - startUs) / fifthUs));
      fifths[fifth] = (fifths[fifth] ?? 0) + 1;
    }
  }
  const starvedClients = clients.size - served.size;
  if (operations === 0) return { operations, starvedClients, fifths, latency: undefined };
  const percentile = (rank: number) => Math.min(maxUs, histogram.getValueAtPercentile(rank) / NANOSECONDS);
  const latency = {
    meanUs: sumUs / operations,
    p50Us: percentile(50),
    p90Us: percentile(90),
    p99Us: percentile(99),
    p999Us: percentile(99.9),
    maxUs,
  };
  return { operations, starvedClients, fifths, latency };
}

/** The slowest fifth over the median fifth; undefined if less than half of the window saw operations end. */
export function steadinessOf(fifths: readonly number[]): number | undefined {
  const sorted = [...fifths].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return median === 0 ? undefined : (sorted[0] ?? 0) / median;
}

/** Operations, warm-up and all, whose outcome nobody knows. */
export function incompleteIn(histories: readonly DriverHistory[]): number {
  let incomplete = 0;
  for (const history of histories) {
    for (let index = 0; index < history.length; index++) {
      if (Number.isNaN(history.completedUs[index] ?? Number.NaN)) incomplete++;
    }
  }
  return incomplete;
}
