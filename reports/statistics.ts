import { studentTQuantile } from './student-t.ts';

/** No interval is stated below this many runs (METHOD §6, rule 5): five runs cannot carry a 95 % interval of the median. */
export const LEAST_RUNS_FOR_INTERVAL = 6;
export const CONFIDENCE = 0.95;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** What is said of one metric over the runs of one point. The run is the unit; no run is dropped as an outlier. */
export interface Summary {
  readonly runs: number;
  readonly mean: number;
  /** Of the mean, Student's t; undefined below LEAST_RUNS_FOR_INTERVAL. */
  readonly meanInterval: Interval | undefined;
  readonly median: number;
  /** Of the median, order statistics; undefined below LEAST_RUNS_FOR_INTERVAL. */
  readonly medianInterval: Interval | undefined;
  readonly min: number;
  readonly max: number;
}

/** Undefined where there is nothing to summarise: a metric that no run knows is not zero. */
export function summarise(values: readonly number[]): Summary | undefined {
  if (values.length === 0) return undefined;
  const sorted = ascending(values);
  return {
    runs: sorted.length,
    mean: mean(sorted),
    meanInterval: meanInterval(sorted),
    median: quantile(sorted, 0.5),
    medianInterval: medianInterval(sorted),
    min: at(sorted, 0),
    max: at(sorted, sorted.length - 1),
  };
}

export function ascending(values: readonly number[]): readonly number[] {
  return [...values].sort((a, b) => a - b);
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Linear interpolation between order statistics (Hyndman & Fan 1996, type 7). `sorted` is ascending and not empty; 0 ≤ p ≤ 1. */
export function quantile(sorted: readonly number[], p: number): number {
  const position = (sorted.length - 1) * p;
  const below = Math.floor(position);
  const low = at(sorted, below);
  const high = at(sorted, Math.min(below + 1, sorted.length - 1));
  return low + (high - low) * (position - below);
}

/** mean ± t(0.975, n − 1) · s / √n. */
export function meanInterval(values: readonly number[]): Interval | undefined {
  const runs = values.length;
  if (runs < LEAST_RUNS_FOR_INTERVAL) return undefined;
  const centre = mean(values);
  const variance = values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (runs - 1);
  const half = studentTQuantile((1 + CONFIDENCE) / 2, runs - 1) * Math.sqrt(variance / runs);
  return { low: centre - half, high: centre + half };
}

/**
 * The k-th smallest to the k-th largest run, with the largest k that covers the median with at least 95 % whatever the
 * distribution: 1 − 2·P(Bin(n, ½) < k) ≥ 0.95 (Conover, Practical Nonparametric Statistics, §3.2).
 */
export function medianInterval(sorted: readonly number[]): Interval | undefined {
  const runs = sorted.length;
  if (runs < LEAST_RUNS_FOR_INTERVAL) return undefined;
  let outside = 0;
  let term = 0.5 ** runs;
  let rank = 0;
  // After the loop: `rank` is the largest k with P(Bin(n, ½) ≤ k − 1) ≤ 2.5 %.
  while (outside + term <= (1 - CONFIDENCE) / 2) {
    outside += term;
    rank++;
    term *= (runs - rank + 1) / rank;
  }
  return { low: at(sorted, rank - 1), high: at(sorted, runs - rank) };
}

function at(values: readonly number[], index: number): number {
  const value = values[index];
  if (value === undefined) throw new RangeError(`no value at ${index} of ${values.length}`);
  return value;
}
