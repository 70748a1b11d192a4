import type { Microseconds } from '../../src/kernel/time.ts';
import type { CompletionSegment, DriverHistory, MeasuredWindow } from '../workload/history.ts';
import { decodeHistogram, latencyHistogram, NANOSECONDS, wholeNanoseconds } from '../workload/latency-histogram.ts';
import { median } from './median.ts';

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
/** Sums of spans of time, which borders of segments and windows are, differ by less. */
const ROUNDING_US = 1e-3;

/**
 * Reads the operations that ended in [start, end), recorded or not. All drivers go into one histogram before any percentile is taken. Throws
 * if there are unrecorded ones that may belong to one or another fifth.
 */
export function completionsIn(window: MeasuredWindow, histories: readonly DriverHistory[]): Completions {
  const count = new CompletionCount(window);
  for (const history of histories) {
    count.addRows(history);
    if (history.unrecorded === undefined) continue;
    for (const client of history.unrecorded.clients) count.clients.add(client);
    for (const segment of history.unrecorded.segments) count.addSegment(segment);
  }
  return count.completions();
}

class CompletionCount {
  readonly clients = new Set<number>();
  readonly #window: MeasuredWindow;
  readonly #fifthUs: Microseconds;
  readonly #histogram = latencyHistogram();
  readonly #fifths = Array.from({ length: FIFTHS }, () => 0);
  readonly #served = new Set<number>();
  #operations = 0;
  /** Whole nanoseconds: the sum is the same whether operations are added one by one or in segments. */
  #sumNs = 0;
  #maxUs = 0;

  constructor(window: MeasuredWindow) {
    this.#window = window;
    this.#fifthUs = (window.endUs - window.startUs) / FIFTHS;
  }

  addRows(history: DriverHistory): void {
    const { startUs, endUs } = this.#window;
    for (let index = 0; index < history.length; index++) {
      const completedUs = history.completedUs[index] ?? Number.NaN;
      const client = history.client[index] ?? 0;
      this.clients.add(client);
      if (!(completedUs >= startUs && completedUs < endUs)) continue;
      const latencyUs = completedUs - (history.invokedUs[index] ?? Number.NaN);
      const latencyNs = wholeNanoseconds(latencyUs);
      this.#operations++;
      this.#served.add(client);
      this.#sumNs += latencyNs;
      this.#maxUs = Math.max(this.#maxUs, latencyUs);
      this.#histogram.recordValue(latencyNs);
      this.#addTo(this.#fifthAt(completedUs), 1);
    }
  }

  addSegment(segment: CompletionSegment): void {
    const { startUs, endUs } = this.#window;
    const fromUs = segment.fromUs + ROUNDING_US;
    const untilUs = segment.untilUs - ROUNDING_US;
    if (untilUs < startUs || fromUs > endUs) return;
    const fifth = this.#fifthAt(fromUs);
    if (fromUs < startUs || untilUs > endUs || this.#fifthAt(untilUs) !== fifth) {
      throw new Error(`unrecorded operations of ${segment.fromUs} … ${segment.untilUs} µs are in no one fifth`);
    }
    this.#operations += segment.operations;
    for (const client of segment.served) this.#served.add(client);
    this.#sumNs += segment.latencySumNs;
    this.#maxUs = Math.max(this.#maxUs, segment.latencyMaxUs);
    this.#histogram.add(decodeHistogram(segment.latencies));
    this.#addTo(fifth, segment.operations);
  }

  completions(): Completions {
    const operations = this.#operations;
    const fifths = this.#fifths;
    const starvedClients = this.clients.size - this.#served.size;
    if (operations === 0) return { operations, starvedClients, fifths, latency: undefined };
    const maxUs = this.#maxUs;
    const percentile = (rank: number) => Math.min(maxUs, this.#histogram.getValueAtPercentile(rank) / NANOSECONDS);
    const latency = {
      meanUs: this.#sumNs / NANOSECONDS / operations,
      p50Us: percentile(50),
      p90Us: percentile(90),
      p99Us: percentile(99),
      p999Us: percentile(99.9),
      maxUs,
    };
    return { operations, starvedClients, fifths, latency };
  }

  #fifthAt(atUs: Microseconds): number {
    return Math.min(FIFTHS - 1, Math.floor((atUs - this.#window.startUs) / this.#fifthUs));
  }

  #addTo(fifth: number, operations: number): void {
    this.#fifths[fifth] = (this.#fifths[fifth] ?? 0) + operations;
  }
}

/** The slowest fifth over the median fifth; undefined if less than half of the window saw operations end. */
export function steadinessOf(fifths: readonly number[]): number | undefined {
  const middle = median(fifths);
  return middle === 0 ? undefined : Math.min(...fifths) / middle;
}

/** Operations, warm-up and all, whose outcome nobody knows. */
export function incompleteIn(histories: readonly DriverHistory[]): number {
  let incomplete = 0;
  for (const history of histories) {
    for (let index = 0; index < history.length; index++) {
      if (Number.isNaN(history.completedUs[index] ?? Number.NaN)) incomplete++;
    }
    incomplete += history.unrecorded?.incomplete ?? 0;
  }
  return incomplete;
}
