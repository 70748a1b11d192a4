import { SHARED_HOST } from '../harness/suites/settings.ts';
import { labelOf, seriesOrder } from './comparisons.ts';
import { type Metric, type Parameters, type Point, parameters, summaryOf } from './points.ts';
import { ascending, quantile } from './statistics.ts';
import { isSimulated } from './where.ts';

/** What is compared between a point that was measured and the same point simulated. */
export const validatedMetrics = [
  'throughput_ops_s',
  'latency_p50_us',
  'cpu_us_per_op_total',
  'cpu_us_per_op_busiest',
] as const satisfies readonly Metric[];
export type ValidatedMetric = (typeof validatedMetrics)[number];

/** What the simulator must reach in throughput: shares of the measured value, the median over all points and the worst point. */
export const TARGET = { medianError: 0.1, worstError: 0.2 } as const;

/** Repeats that differ by more than this share of their median leave room for an error as large. */
const WIDE_SPREAD = 0.2;

/** One metric of one point, measured and predicted. */
export interface Prediction {
  /** Median, smallest and largest of the repeats as they were measured. */
  readonly measured: number;
  readonly min: number;
  readonly max: number;
  /** Median of what the repeats come to on a machine as fast as that of the cost profile was when it was measured. */
  readonly measuredAtSpeed: number;
  readonly minAtSpeed: number;
  readonly maxAtSpeed: number;
  readonly predicted: number;
  /** predicted ÷ measuredAtSpeed − 1 */
  readonly error: number;
  /** predicted ÷ measured − 1: with what the machine had become slower or faster. */
  readonly rawError: number;
  /** (max − min) ÷ median of the repeats at that speed; undefined for a single one. */
  readonly spread: number | undefined;
  /** The repeats differ so widely that the error says little. */
  readonly wide: boolean;
}

/** A point that was measured and simulated. */
export interface ValidatedPoint {
  /** Of the measured point. */
  readonly parameters: Parameters;
  /** Protocol and variant, as figures name them. */
  readonly label: string;
  readonly repeats: number;
  /** How much longer the machine took for the same work than when the profile was measured: median over the repeats; 1 if nobody looked. */
  readonly slowdown: number;
  /** Only of metrics that both know. */
  readonly predictions: { readonly [Name in ValidatedMetric]?: Prediction };
}

/** How far predictions are from what was measured, over all points. */
export interface ErrorSummary {
  readonly metric: ValidatedMetric;
  readonly points: number;
  /** Of the errors' sizes. */
  readonly medianError: number;
  /** As they are without correction for the machine's speed. */
  readonly rawMedianError: number;
  readonly rawWorstError: number;
  /** Of the errors with their signs: what all have in common. */
  readonly bias: number;
  readonly worst: { readonly point: ValidatedPoint; readonly prediction: Prediction };
  /** Points whose repeats differ widely. */
  readonly wide: number;
}

export interface Validation {
  readonly points: readonly ValidatedPoint[];
  readonly errors: readonly ErrorSummary[];
  /** Whether throughput is within TARGET; undefined if no point could be compared. */
  readonly met: boolean | undefined;
  /** Points that were both measured and simulated, and have no valid row in one of both: what they are, and why. */
  readonly incomparable: readonly string[];
}

/** Undefined if no point was both measured and simulated on the shared host. */
export function validationOf(points: readonly Point[]): Validation | undefined {
  const pairs = pairsOf(points);
  if (pairs.length === 0) return undefined;
  const compared = pairs.flatMap(([measured, simulated]) => validatedPoint(measured, simulated)).sort(byPlace);
  const errors = validatedMetrics.flatMap((metric) => errorsOf(metric, compared));
  return {
    points: compared,
    errors,
    met: metBy(errors.find(({ metric }) => metric === 'throughput_ops_s')),
    incomparable: pairs.flatMap(([measured, simulated]) => whyNot(measured, simulated)),
  };
}

/** Points that were simulated for no other reason than to compare them with measured ones. */
export function validatingPoints(points: readonly Point[]): ReadonlySet<Point> {
  return new Set(pairsOf(points).map(([, simulated]) => simulated));
}

export function summaryOfErrors(validation: Validation, metric: ValidatedMetric): ErrorSummary | undefined {
  return validation.errors.find((errors) => errors.metric === metric);
}

/** `Q/U f = 1, 16 clients` */
export function pointName({ label, parameters: { f, clients } }: Pick<ValidatedPoint, 'label' | 'parameters'>): string {
  return `${label} f = ${f}, ${clients} client${clients === 1 ? '' : 's'}`;
}

type Pair = readonly [measured: Point, simulated: Point];

function pairsOf(points: readonly Point[]): readonly Pair[] {
  const hosted = points.filter(({ parameters: { topology } }) => topology === SHARED_HOST);
  const measured = new Map(
    hosted.filter((point) => !isSimulated(point.parameters)).map((point) => [keyOf(point), point] as const),
  );
  return hosted
    .filter((point) => isSimulated(point.parameters))
    .flatMap((simulated): readonly Pair[] => {
      const real = measured.get(keyOf(simulated));
      return real === undefined ? [] : [[real, simulated]];
    });
}

/** What a point and its simulation have in common: all but where it ran. */
function keyOf(point: Point): string {
  return JSON.stringify(parameters.map((name) => (name === 'runtime' ? '' : (point.parameters[name] ?? null))));
}

function validatedPoint(measured: Point, simulated: Point): readonly ValidatedPoint[] {
  const predictions = validatedMetrics.flatMap((metric) => {
    const prediction = predictionOf(metric, measured, simulated);
    return prediction === undefined ? [] : [[metric, prediction] as const];
  });
  if (predictions.length === 0) return [];
  return [
    {
      parameters: measured.parameters,
      label: labelOf(measured.parameters),
      repeats: measured.validRows.length,
      slowdown: median(slowdownsOf(measured, simulated)),
      predictions: Object.fromEntries(predictions),
    },
  ];
}

function predictionOf(metric: ValidatedMetric, measured: Point, simulated: Point): Prediction | undefined {
  const real = summaryOf(measured, metric);
  const predicted = summaryOf(simulated, metric)?.median;
  // An error relative to nothing is not defined.
  if (real === undefined || predicted === undefined || real.median === 0) return undefined;
  const slowdowns = slowdownsOf(measured, simulated);
  const values = measured.validRows.flatMap((row, index) => {
    const value = row[metric];
    const slowdown = slowdowns[index] ?? 1;
    if (value === undefined) return [];
    return [metric === 'throughput_ops_s' ? value * slowdown : value / slowdown];
  });
  const { min, max, runs } = real;
  const measuredAtSpeed = median(values);
  const [minAtSpeed, maxAtSpeed] = [Math.min(...values), Math.max(...values)];
  const spread = runs > 1 ? (maxAtSpeed - minAtSpeed) / measuredAtSpeed : undefined;
  return {
    measured: real.median,
    min,
    max,
    measuredAtSpeed,
    minAtSpeed,
    maxAtSpeed,
    predicted,
    error: predicted / measuredAtSpeed - 1,
    rawError: predicted / real.median - 1,
    spread,
    wide: spread !== undefined && spread > WIDE_SPREAD,
  };
}

/** Of each valid measured row: the machine's fixed piece of work over what it took when the profile was measured. */
function slowdownsOf(measured: Point, simulated: Point): readonly number[] {
  const atProfile = simulated.validRows[0]?.host_probe_us;
  return measured.validRows.map(({ host_probe_us: probeUs }) =>
    atProfile === undefined || probeUs === undefined ? 1 : probeUs / atProfile,
  );
}

function median(values: readonly number[]): number {
  return quantile(ascending(values), 0.5);
}

function errorsOf(metric: ValidatedMetric, points: readonly ValidatedPoint[]): readonly ErrorSummary[] {
  const known = points.flatMap((point) => {
    const prediction = point.predictions[metric];
    return prediction === undefined ? [] : [{ point, prediction }];
  });
  const [first] = known;
  if (first === undefined) return [];
  const errors = known.map(({ prediction }) => prediction.error);
  const rawErrors = known.map(({ prediction }) => Math.abs(prediction.rawError));
  return [
    {
      metric,
      points: known.length,
      medianError: quantile(ascending(errors.map(Math.abs)), 0.5),
      rawMedianError: quantile(ascending(rawErrors), 0.5),
      rawWorstError: Math.max(...rawErrors),
      bias: quantile(ascending(errors), 0.5),
      worst: known.reduce(
        (worst, one) => (Math.abs(one.prediction.error) > Math.abs(worst.prediction.error) ? one : worst),
        first,
      ),
      wide: known.filter(({ prediction }) => prediction.wide).length,
    },
  ];
}

function metBy(errors: ErrorSummary | undefined): boolean | undefined {
  if (errors === undefined) return undefined;
  return errors.medianError <= TARGET.medianError && Math.abs(errors.worst.prediction.error) <= TARGET.worstError;
}

function whyNot(measured: Point, simulated: Point): readonly string[] {
  const name = pointName({ parameters: measured.parameters, label: labelOf(measured.parameters) });
  const sides = [
    { what: 'measured', point: measured },
    { what: 'simulated', point: simulated },
  ];
  return sides
    .filter(({ point }) => point.validRows.length === 0)
    .map(({ what, point }) => `${name}: no valid row ${what}: ${point.reasons.join('; ')}`);
}

function byPlace(a: ValidatedPoint, b: ValidatedPoint): number {
  return (
    seriesOrder(a.parameters, b.parameters) ||
    (a.parameters.f ?? 0) - (b.parameters.f ?? 0) ||
    (a.parameters.clients ?? 0) - (b.parameters.clients ?? 0)
  );
}
