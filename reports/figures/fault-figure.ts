import type { Comparison, Setting } from '../comparisons.ts';
import { peak } from '../comparisons.ts';
import { type Metric, type Point, summaryOf } from '../points.ts';
import { whereImplied, whereMeasured } from '../where.ts';

/** Which metric a figure shows over f, and in what words. Measured throughput and the implied bound are never one figure. */
export interface FaultFigure {
  readonly name: string;
  readonly metric: Metric;
  /** First line of the y axis's title, and the unit that is drawn. */
  readonly axis: string;
  readonly unit: string;
  readonly tickFormat: '~s' | '~g';
  /** Drawn value = value in the CSV × scale. */
  readonly scale: number;
  /** Second line of the y axis's title: real or simulated, and where. */
  readonly provenance: (setting: Setting, cores: number | undefined) => string;
  /** A line above the curves, where a reader could mistake the figure. */
  readonly note?: string;
  readonly description: string;
}

export const faultFigures: readonly FaultFigure[] = [
  {
    name: 'throughput-vs-faults',
    metric: 'throughput_ops_s',
    axis: 'Throughput',
    unit: 'ops/s',
    tickFormat: '~s',
    scale: 1,
    provenance: whereMeasured,
    description:
      'throughput where the axis says: real, all replicas and clients on the cores of one host, or simulated; the best median over client counts',
  },
  {
    name: 'latency-vs-faults',
    metric: 'latency_p50_us',
    axis: 'Median latency',
    unit: 'ms',
    tickFormat: '~g',
    scale: 1e-3,
    provenance: whereMeasured,
    description:
      'median latency at the client count where its median over the runs is lowest, not at the peak of throughput',
  },
  {
    name: 'dedicated-bound-vs-faults',
    metric: 'dedicated_bound_ops_s',
    axis: 'Implied dedicated bound',
    unit: 'ops/s',
    tickFormat: '~s',
    note: 'computed, not measured: every replica on a core of its own',
    scale: 1,
    provenance: whereImplied,
    description:
      'throughput bound if every replica had a core of its own, computed from CPU time per operation; no throughput was measured there',
  },
];

/** One plotted point and what its figure's CSV says of it. */
export interface FigurePoint {
  readonly series: string;
  readonly point: Point;
  readonly runs: number;
  readonly median: number;
  /** Ends of the error bar; undefined for a single run, which has no spread. */
  readonly bar: { readonly kind: 'median-ci95' | 'min-max'; readonly low: number; readonly high: number } | undefined;
}

export function figurePoints(comparison: Comparison, metric: Metric): readonly FigurePoint[] {
  return comparison.series.flatMap((series) =>
    series.faults.flatMap(({ points }) => {
      const point = peak(points, metric);
      return point === undefined ? [] : figurePoint(series.label, point, metric);
    }),
  );
}

function figurePoint(series: string, point: Point, metric: Metric): readonly FigurePoint[] {
  const summary = summaryOf(point, metric);
  if (summary === undefined) return [];
  const { runs, median, medianInterval, min, max } = summary;
  if (medianInterval !== undefined)
    return [{ series, point, runs, median, bar: { kind: 'median-ci95', ...medianInterval } }];
  const bar = runs > 1 ? ({ kind: 'min-max', low: min, high: max } as const) : undefined;
  return [{ series, point, runs, median, bar }];
}
