import { ascending, CONFIDENCE, type Interval, LEAST_RUNS_FOR_INTERVAL, quantile } from './statistics.ts';

/** A shift between two samples: its estimate, and the interval that the rank-sum test does not reject. */
export interface Shift {
  readonly estimate: number;
  /** At least 95 %, distribution-free; undefined if either sample is below LEAST_RUNS_FOR_INTERVAL. */
  readonly interval: Interval | undefined;
}

/**
 * By how much `left` stands above `right`: the median of all pairwise differences (Hodges & Lehmann 1963), with the interval that
 * belongs to the Mann–Whitney test (Hollander, Wolfe & Chicken, Nonparametric Statistical Methods, §4.2–4.3). Undefined if a sample
 * is empty. It assumes independent runs whose distributions differ by a shift, and nothing about their shape.
 */
export function shift(left: readonly number[], right: readonly number[]): Shift | undefined {
  if (left.length === 0 || right.length === 0) return undefined;
  const differences = ascending(left.flatMap((a) => right.map((b) => a - b)));
  return { estimate: quantile(differences, 0.5), interval: shiftInterval(differences, left.length, right.length) };
}

function shiftInterval(differences: readonly number[], left: number, right: number): Interval | undefined {
  if (Math.min(left, right) < LEAST_RUNS_FOR_INTERVAL) return undefined;
  const rank = lowerRank(left, right);
  const low = differences[rank - 1];
  const high = differences[differences.length - rank];
  return low === undefined || high === undefined ? undefined : { low, high };
}

/** The largest k with P(U ≤ k − 1) ≤ 2.5 % when the samples do not differ. */
export function lowerRank(left: number, right: number): number {
  let below = 0;
  for (const [statistic, share] of rankSumDistribution(left, right).entries()) {
    below += share;
    if (below > (1 - CONFIDENCE) / 2) return statistic;
  }
  throw new RangeError('a distribution sums to 1');
}

/** P(U = u) for u = 0 … left·right without ties, by the recurrence of Mann & Whitney 1947 on which sample holds the largest value. */
function rankSumDistribution(left: number, right: number): readonly number[] {
  // `row[m]` is the distribution for samples of the current n and of m.
  let row: readonly (readonly number[])[] = Array.from({ length: right + 1 }, () => [1]);
  for (let n = 1; n <= left; n++) {
    const next: (readonly number[])[] = [[1]];
    for (let m = 1; m <= right; m++) {
      const fewerLeft = row[m] ?? [];
      const fewerRight = next[m - 1] ?? [];
      const share = n / (n + m);
      next.push(
        Array.from(
          { length: n * m + 1 },
          (_, u) => share * (fewerLeft[u - m] ?? 0) + (1 - share) * (fewerRight[u] ?? 0),
        ),
      );
    }
    row = next;
  }
  return row[right] ?? [];
}
