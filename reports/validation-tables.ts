import { percentText, shown, signedPercent, UNKNOWN } from './numbers.ts';
import { type TextTable, terminalText } from './text-table.ts';
import {
  type ErrorSummary,
  type Prediction,
  pointName,
  summaryOfErrors,
  TARGET,
  type ValidatedMetric,
  type ValidatedPoint,
  type Validation,
} from './validation.ts';

const metricNames: Readonly<Record<ValidatedMetric, string>> = {
  throughput_ops_s: 'throughput',
  latency_p50_us: 'median latency',
  cpu_us_per_op_total: 'CPU per operation, all nodes',
  cpu_us_per_op_busiest: 'CPU per operation, busiest replica',
};

/** The verdict first, then errors over all points, then point by point. */
export function validationText(validation: Validation): string {
  return [verdictText(validation), ...validationTables(validation).map(terminalText)].join('\n\n');
}

export function validationTables(validation: Validation): readonly TextTable[] {
  return [errorTable(validation), pointTable(validation)].filter(({ rows }) => rows.length > 0);
}

/** One line: how well throughput was predicted, and whether that is what the simulator must reach. */
export function verdictText(validation: Validation): string {
  const errors = summaryOfErrors(validation, 'throughput_ops_s');
  if (errors === undefined || validation.met === undefined)
    return 'Nothing to compare: no point has valid rows of both kinds.';
  const { medianError, rawMedianError, rawWorstError, worst, points } = errors;
  const target = `target: median ${percentText(TARGET.medianError)}, worst ${percentText(TARGET.worstError)}`;
  const isCorrected = validation.points.some(({ slowdown }) => slowdown !== 1);
  const corrected = isCorrected
    ? `Corrected for the machine's speed beside each measurement; as measured, ${percentText(rawMedianError)} and ${percentText(rawWorstError)}.`
    : '';
  const off = `throughput is off by ${percentText(medianError)} in the median of ${points} points, ${percentText(worst.prediction.error)} at worst`;
  return `${validation.met ? 'Target met' : 'TARGET MISSED'}: predicted ${off} (${target}). ${corrected}`.trimEnd();
}

/** The simulator's error in a few words, to stand beside a prediction. */
export function errorNote(validation: Validation): string {
  const parts = (['throughput_ops_s', 'latency_p50_us'] as const).flatMap((metric) => {
    const errors = summaryOfErrors(validation, metric);
    if (errors === undefined) return [];
    return [
      `${metricNames[metric]} ${percentText(errors.medianError)} in the median, ${percentText(errors.worst.prediction.error)} at worst`,
    ];
  });
  if (parts.length === 0)
    return 'not validated: no point has valid rows both measured and simulated on the shared host.';
  const { f, clients } = ranges(validation.points);
  return `validated on this host, f = ${f}, ${clients} clients: off by ${parts.join('; ')}. A machine of its own for every node was not measured.`;
}

function errorTable(validation: Validation): TextTable {
  return {
    title: 'Predicted against measured, over all points (shared host)',
    columns: [
      left('metric'),
      right('points'),
      right('median error'),
      right('bias'),
      right('worst'),
      left('at'),
      left('target'),
    ],
    rows: validation.errors.map((errors) => [
      metricNames[errors.metric],
      `${errors.points}`,
      percentText(errors.medianError),
      `${signedPercent(1 + errors.bias)} %`,
      `${signedPercent(1 + errors.worst.prediction.error)} %`,
      pointName(errors.worst.point),
      targetText(errors, validation),
    ]),
    notes: [
      'error: predicted ÷ measured − 1, at the speed that the machine had when the cost profile was measured; median error: of its size; bias: its median with its sign, what all points have in common.',
      ...wideNotes(validation),
      ...validation.incomparable.map((reason) => `not compared: ${reason}`),
    ],
  };
}

function targetText({ metric }: ErrorSummary, { met }: Validation): string {
  if (metric !== 'throughput_ops_s' || met === undefined) return UNKNOWN;
  return `${percentText(TARGET.medianError)} median, ${percentText(TARGET.worstError)} worst: ${met ? 'met' : 'missed'}`;
}

function wideNotes({ errors }: Validation): readonly string[] {
  return errors
    .filter(({ wide }) => wide > 0)
    .map(
      ({ metric, wide, points }) =>
        `${metricNames[metric]}: measured repeats of ${wide} of ${points} points spread widely, marked ~.`,
    );
}

function pointTable({ points }: Validation): TextTable {
  return {
    title: 'Point by point: measured median [min..max], predicted, error',
    columns: [
      left('protocol'),
      right('f'),
      right('clients'),
      right('measured ops/s'),
      right('slowdown'),
      right('at speed'),
      right('predicted'),
      right('error'),
      right('spread'),
      right('p50 ms at speed'),
      right('predicted'),
      right('error'),
      right('CPU µs total'),
      right('predicted'),
      right('error'),
      right('busiest'),
      right('predicted'),
      right('error'),
    ],
    rows: points.map(({ label, parameters: { f, clients }, slowdown, predictions }) => [
      label,
      shown(f),
      shown(clients),
      measuredText(predictions.throughput_ops_s, 1),
      shown(slowdown),
      ...atSpeed(predictions.throughput_ops_s, 1),
      spreadText(predictions.throughput_ops_s),
      ...atSpeed(predictions.latency_p50_us, 1e-3),
      ...atSpeed(predictions.cpu_us_per_op_total, 1),
      ...atSpeed(predictions.cpu_us_per_op_busiest, 1),
    ]),
    notes: [
      'slowdown: what a fixed piece of work took beside the measurements, over what it took when the cost profile was measured; at speed: what was measured, without it.',
      'spread: (max − min) ÷ median of the measured throughputs; ~ marks an error beside repeats that spread by over 20 %.',
    ],
  };
}

function measuredText(prediction: Prediction | undefined, scale: number): string {
  if (prediction === undefined) return UNKNOWN;
  const { measured, min, max } = prediction;
  return `${shown(measured * scale)}${min === max ? '' : ` [${shown(min * scale)}..${shown(max * scale)}]`}`;
}

function atSpeed(prediction: Prediction | undefined, scale: number): readonly string[] {
  if (prediction === undefined) return [UNKNOWN, UNKNOWN, UNKNOWN];
  const { measuredAtSpeed, predicted } = prediction;
  return [shown(measuredAtSpeed * scale), shown(predicted * scale), errorText(prediction)];
}

function errorText({ error, wide }: Prediction): string {
  return `${wide ? '~ ' : ''}${signedPercent(1 + error)} %`;
}

function spreadText(prediction: Prediction | undefined): string {
  return prediction?.spread === undefined ? UNKNOWN : percentText(prediction.spread);
}

function ranges(points: readonly ValidatedPoint[]): { readonly f: string; readonly clients: string } {
  const range = (values: readonly number[]) => {
    const least = Math.min(...values);
    const most = Math.max(...values);
    return least === most ? `${least}` : `${least}..${most}`;
  };
  const known = (name: 'f' | 'clients') => points.map(({ parameters }) => parameters[name] ?? 0);
  // The unreplicated server tolerates none, and says nothing of the range.
  const faults = known('f').filter((f) => f > 0);
  return { f: range(faults.length > 0 ? faults : [0]), clients: range(known('clients')) };
}

function left(head: string) {
  return { head, align: 'left' } as const;
}

function right(head: string) {
  return { head, align: 'right' } as const;
}
