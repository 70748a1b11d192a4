import { type Comparison, peak, type Series } from './comparisons.ts';
import { compareRuns } from './differences.ts';
import { type Metric, summaryOf, valuesOf } from './points.ts';
import type { Interval } from './statistics.ts';

/**
 * Abd-El-Malek et al., Fault-Scalable Byzantine Fault-Tolerant Services, SOSP 2005, abstract: throughput lost from b = 1 to b = 5, with
 * a machine for every replica. The replicated state machine there was the Castro–Liskov BFT library.
 */
export const publishedLoss = {
  lowest: 1,
  highest: 5,
  ratios: new Map([
    ['qu', 1 - 0.36],
    ['pbft', 1 - 0.83],
  ]),
} as const;

/** Throughput at the highest f as a ratio of that at the lowest. */
export interface LossRatio {
  readonly ratio: number;
  /** Of the ratio, rank-sum method; undefined below six runs. */
  readonly interval: Interval | undefined;
}

export interface Loss {
  readonly series: Series;
  readonly lowest: number;
  readonly highest: number;
  /** Real or simulated, as the comparison's setting says. */
  readonly throughput: LossRatio | undefined;
  readonly dedicated: LossRatio | undefined;
  /** Undefined unless the series ran exactly from published lowest to highest f and the paper has such a protocol. */
  readonly published: number | undefined;
}

/** One for each series that was asked for at two or more f. */
export function lossesOf({ series }: Comparison): readonly Loss[] {
  return series.flatMap((one) => {
    const lowest = one.faults[0]?.faults;
    const highest = one.faults.at(-1)?.faults;
    if (lowest === undefined || highest === undefined || lowest === highest) return [];
    const asPublished = lowest === publishedLoss.lowest && highest === publishedLoss.highest;
    return [
      {
        series: one,
        lowest,
        highest,
        throughput: ratioBetween(one, 'throughput_ops_s', lowest, highest),
        dedicated: ratioBetween(one, 'dedicated_bound_ops_s', lowest, highest),
        published: asPublished ? publishedLoss.ratios.get(one.protocol) : undefined,
      },
    ];
  });
}

/** The metric's peak at `to` as a ratio of its peak at `from`: of medians, with an interval from the runs. */
export function ratioBetween(series: Series, metric: Metric, from: number, to: number): LossRatio | undefined {
  const pointAt = (faults: number) => peak(series.faults.find((one) => one.faults === faults)?.points ?? [], metric);
  const base = pointAt(from);
  const other = pointAt(to);
  if (base === undefined || other === undefined) return undefined;
  const below = summaryOf(base, metric)?.median;
  const above = summaryOf(other, metric)?.median;
  if (below === undefined || above === undefined || below === 0) return undefined;
  return {
    ratio: above / below,
    interval: compareRuns(valuesOf(other, metric), valuesOf(base, metric))?.ratio.interval,
  };
}
