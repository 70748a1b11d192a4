import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';
import type { Microseconds } from '../../src/kernel/time.ts';

/** Histograms count whole nanoseconds: a microsecond would round a latency of some dozens by percents. */
export const NANOSECONDS = 1_000;

/** Latencies in nanoseconds, to three significant digits. */
export function latencyHistogram(): Histogram {
  return build({ bitBucketSize: 64, numberOfSignificantValueDigits: 3, autoResize: true });
}

export function wholeNanoseconds(latencyUs: Microseconds): number {
  return Math.round(latencyUs * NANOSECONDS);
}

/** Some kilobytes of plain data, where the histogram itself takes a hundred. */
export function encodeHistogram(histogram: Histogram): string {
  return encodeIntoCompressedBase64(histogram);
}

export function decodeHistogram(encoded: string): Histogram {
  return decodeFromCompressedBase64(encoded, 64);
}
