import { type Comparison, peak, type Series } from './comparisons.ts';
import type { TableColumn } from './csv.ts';
import { type Metric, type Point, valuesOf } from './points.ts';
import { type Shift, shift } from './rank-sum.ts';
import { LEAST_RUNS_FOR_INTERVAL } from './statistics.ts';

/** A smaller relative difference is not called one, however sure it is (METHOD §6, rule 5). */
export const LEAST_EFFECT = 0.05;

/** Metrics in which protocols are compared with each other. */
export const comparedMetrics = [
  'throughput_ops_s',
  'dedicated_bound_ops_s',
  'latency_p50_us',
] as const satisfies readonly Metric[];

/** `left` against `right` in one metric at one f, each at its best strength of load. */
export interface Difference {
  readonly comparison: Comparison;
  readonly metric: (typeof comparedMetrics)[number];
  readonly faults: number;
  readonly left: string;
  readonly right: string;
  readonly leftPoint: Point;
  readonly rightPoint: Point;
  readonly leftRuns: number;
  readonly rightRuns: number;
  /** left ÷ right: of all pairs of runs, the median ratio. */
  readonly ratio: Shift;
  /** left − right, in the metric's unit: of all pairs of runs, the median difference. */
  readonly absolute: Shift;
  /** `~` where the data do not tell the two apart. */
  readonly verdict: 'higher' | 'lower' | '~';
  /** Why the verdict is `~`; empty otherwise. */
  readonly reason: string;
}

export function differencesOf(comparison: Comparison): readonly Difference[] {
  const pairs = comparison.series.flatMap((left, index) =>
    comparison.series.slice(index + 1).map((right) => [left, right] as const),
  );
  const told = pairs.filter(([left, right]) => areCompared(comparison, left, right));
  return comparedMetrics.flatMap((metric) =>
    told.flatMap(([left, right]) => differencesBetween(comparison, metric, left, right)),
  );
}

/**
 * A variant of a protocol that was measured with its defaults as well says something about this protocol first: it is compared with those defaults,
 * and with protocols that were measured one way only, but not with every variant of another.
 */
function areCompared({ series }: Comparison, left: Series, right: Series): boolean {
  const waysOf = ({ protocol }: Series) => series.filter((other) => other.protocol === protocol);
  const speaksForProtocol = (one: Series) => one.variant === '' || waysOf(one).every((other) => other.variant !== '');
  if (left.protocol === right.protocol) {
    return [left, right].every(speaksForProtocol) || left.variant === '' || right.variant === '';
  }
  const mayMeet = (one: Series, other: Series) => speaksForProtocol(one) || waysOf(other).length === 1;
  return mayMeet(left, right) && mayMeet(right, left);
}

function differencesBetween(
  comparison: Comparison,
  metric: Difference['metric'],
  left: Series,
  right: Series,
): readonly Difference[] {
  return left.faults.flatMap(({ faults, points }) => {
    const leftPoint = peak(points, metric);
    const rightPoint = peak(right.faults.find((other) => other.faults === faults)?.points ?? [], metric);
    if (leftPoint === undefined || rightPoint === undefined) return [];
    const compared = compareRuns(valuesOf(leftPoint, metric), valuesOf(rightPoint, metric));
    if (compared === undefined) return [];
    const names = { left: left.label, right: right.label };
    return [{ comparison, metric, faults, ...names, leftPoint, rightPoint, ...compared }];
  });
}

type Compared = Pick<Difference, 'leftRuns' | 'rightRuns' | 'ratio' | 'absolute' | 'verdict' | 'reason'>;

/** Undefined if a sample is empty or holds a value of 0, which has no ratio. */
export function compareRuns(left: readonly number[], right: readonly number[]): Compared | undefined {
  if (![...left, ...right].every((value) => value > 0)) return undefined;
  const absolute = shift(left, right);
  const logarithmic = shift(left.map(Math.log), right.map(Math.log));
  if (absolute === undefined || logarithmic === undefined) return undefined;
  const { estimate, interval } = logarithmic;
  const ratio = {
    estimate: Math.exp(estimate),
    interval: interval && { low: Math.exp(interval.low), high: Math.exp(interval.high) },
  };
  return { leftRuns: left.length, rightRuns: right.length, ratio, absolute, ...verdictOf(ratio) };
}

function verdictOf({ estimate, interval }: Shift): Pick<Difference, 'verdict' | 'reason'> {
  if (interval === undefined) return { verdict: '~', reason: `no interval below ${LEAST_RUNS_FOR_INTERVAL} runs` };
  if (interval.low <= 1 && interval.high >= 1) return { verdict: '~', reason: 'the interval holds a ratio of 1' };
  const percent = `${100 * LEAST_EFFECT} %`;
  if (Math.abs(Math.log(estimate)) < Math.log(1 + LEAST_EFFECT))
    return { verdict: '~', reason: `smaller than ${percent}` };
  return { verdict: estimate > 1 ? 'higher' : 'lower', reason: '' };
}

/** The columns of differences.csv. */
export const differenceColumns: readonly TableColumn<Difference>[] = [
  ...(
    ['suite', 'runtime', 'topology', 'service', 'service_options', 'mac', 'load', 'objects', 'query_share'] as const
  ).map((name) => ({
    name,
    type: name === 'query_share' ? ('number' as const) : ('text' as const),
    description: `${name} of both, as in results.csv`,
    cell: ({ comparison }: Difference) => comparison.setting[name],
  })),
  text('metric', 'the compared column of results.csv', ({ metric }) => metric),
  number('f', 'Byzantine replicas tolerated, the same on both sides', ({ faults }) => faults),
  text('left', 'protocol and variant', ({ left }) => left),
  text('right', 'protocol and variant that it is compared with', ({ right }) => right),
  number('left_clients', 'clients at the best median of left', ({ leftPoint }) => leftPoint.parameters.clients),
  number('right_clients', 'clients at the best median of right', ({ rightPoint }) => rightPoint.parameters.clients),
  number('left_runs', 'valid runs of left', ({ leftRuns }) => leftRuns),
  number('right_runs', 'valid runs of right', ({ rightRuns }) => rightRuns),
  number(
    'ratio',
    'left ÷ right: Hodges–Lehmann estimate on logarithms (median over all pairs of runs)',
    ({ ratio }) => ratio.estimate,
  ),
  number(
    'ratio_ci95_low',
    'low end of the interval of at least 95 % that belongs to the Mann–Whitney test, on logarithms; empty below 6 runs a side',
    ({ ratio }) => ratio.interval?.low,
  ),
  number('ratio_ci95_high', 'high end of the same interval', ({ ratio }) => ratio.interval?.high),
  number(
    'difference',
    "left − right in the metric's unit: Hodges–Lehmann estimate",
    ({ absolute }) => absolute.estimate,
  ),
  number(
    'difference_ci95_low',
    'low end of its interval, same method; empty below 6 runs a side',
    ({ absolute }) => absolute.interval?.low,
  ),
  number('difference_ci95_high', 'high end of the same interval', ({ absolute }) => absolute.interval?.high),
  text(
    'verdict',
    `higher or lower: the interval of the ratio excludes 1 and the ratio differs from 1 by at least ${100 * LEAST_EFFECT} %; ~ otherwise`,
    ({ verdict }) => verdict,
  ),
  text('reason', 'why the verdict is ~', ({ reason }) => reason),
];

function number(
  name: string,
  description: string,
  cell: (row: Difference) => number | undefined,
): TableColumn<Difference> {
  return { name, type: 'number', description, cell };
}

function text(name: string, description: string, cell: (row: Difference) => string): TableColumn<Difference> {
  return { name, type: 'text', description, cell };
}
