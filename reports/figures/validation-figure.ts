import type { TopLevelSpec } from 'vega-lite';

import type { TableColumn } from '../csv.ts';
import { percentText } from '../numbers.ts';
import { parameterColumns } from '../parameter-columns.ts';
import { type Prediction, summaryOfErrors, TARGET, type ValidatedPoint, type Validation } from '../validation.ts';
import { settingText } from '../where.ts';
import { AXIS, columnSpec, type Layer, marker, PLOT_WIDTH, wrapped } from './column.ts';
import { type CurveStyle, curveStyle } from './styles.ts';

/** Which metric a figure shows, predicted over measured, and in what words. */
export interface ValidationFigure {
  readonly name: string;
  readonly metric: 'throughput_ops_s' | 'latency_p50_us';
  /** What stands on both axes, and the unit that is drawn. */
  readonly axis: string;
  readonly unit: string;
  /** Drawn value = value in the CSV × scale. */
  readonly scale: number;
  readonly description: string;
}

export const validationFigures: readonly ValidationFigure[] = [
  {
    name: 'validation',
    metric: 'throughput_ops_s',
    axis: 'throughput',
    unit: 'ops/s',
    scale: 1,
    description: 'throughput predicted by simulation over throughput measured, all nodes on the shared host',
  },
  {
    name: 'validation-latency',
    metric: 'latency_p50_us',
    axis: 'median latency',
    unit: 'ms',
    scale: 1e-3,
    description: 'median latency predicted by simulation over median latency measured, all nodes on the shared host',
  },
];

/** One plotted point. */
export interface ValidationFigurePoint {
  readonly point: ValidatedPoint;
  readonly prediction: Prediction;
}

export function validationFigurePoints(
  { points }: Validation,
  { metric }: ValidationFigure,
): readonly ValidationFigurePoint[] {
  return points.flatMap((point) => {
    const prediction = point.predictions[metric];
    return prediction === undefined ? [] : [{ point, prediction }];
  });
}

/** The columns of a figure's own CSV: what was drawn, and which point it is. */
export function validationFigureColumns({ metric }: ValidationFigure): readonly TableColumn<ValidationFigurePoint>[] {
  const number = (name: string, description: string, cell: (prediction: Prediction) => number | undefined) => ({
    name,
    type: 'number' as const,
    description,
    cell: ({ prediction }: ValidationFigurePoint) => cell(prediction),
  });
  return [
    { name: 'series', type: 'text', description: 'the marker, as in the legend', cell: ({ point }) => point.label },
    ...parameterColumns<ValidationFigurePoint>(({ point }) => point.parameters),
    number(
      `${metric}_measured_at_speed`,
      'x: median over the measured repeats, as they were on a machine as fast as the profile was measured on',
      ({ measuredAtSpeed }) => measuredAtSpeed,
    ),
    number(`${metric}_low`, 'low end of the bar: smallest of them', ({ minAtSpeed }) => minAtSpeed),
    number(`${metric}_high`, 'high end of the bar: largest of them', ({ maxAtSpeed }) => maxAtSpeed),
    number(`${metric}_predicted`, 'y: the same point simulated', ({ predicted }) => predicted),
    number('error_percent', 'predicted ÷ measured − 1, in %', ({ error }) => 100 * error),
  ];
}

/** Bands around equality, the wider first, with how dark each is. */
const BANDS = [
  { share: TARGET.worstError, color: '#eeeeee' },
  { share: TARGET.medianError, color: '#d8d8d8' },
] as const;
/** Room between the outermost point and the edge, as a factor. */
const MARGIN_FACTOR = 1.3;

/** Undefined if there is nothing to draw. Both axes have one scale, so that equality is the diagonal. */
export function validationFigureSpec(figure: ValidationFigure, validation: Validation): TopLevelSpec | undefined {
  const points = validationFigurePoints(validation, figure);
  const [first] = points;
  if (first === undefined) return undefined;
  const values = points.flatMap(({ prediction }) => [
    prediction.measuredAtSpeed,
    prediction.predicted,
    prediction.minAtSpeed,
    prediction.maxAtSpeed,
  ]);
  // A logarithm has no place for 0.
  const drawn = values.filter((value) => value > 0).map((value) => value * figure.scale);
  const low = Math.min(...drawn) / MARGIN_FACTOR;
  const high = Math.max(...drawn) * MARGIN_FACTOR;
  const labels = [...new Set(points.map(({ point }) => point.label))];
  const series = labels.map((label, index) => ({ label, style: curveStyle(index) }));
  return columnSpec({
    header: [
      ...wrapped(settingText(first.point.parameters)),
      `shaded: ±${100 * TARGET.medianError} % and ±${100 * TARGET.worstError} % of the measured value`,
      barsText(points.map(({ point }) => point.repeats)),
      ...errorLines(figure, validation),
    ],
    legend: series.map((one) => ({ ...one, line: false, marked: true })),
    plotHeight: PLOT_WIDTH,
    layers: [
      ...BANDS.map(({ share, color }) => bandLayer(low, high, share, color)),
      diagonalLayer(low, high),
      ...series.flatMap(({ label, style }) =>
        markerLayers(
          points.filter(({ point }) => point.label === label),
          style,
          figure.scale,
        ),
      ),
      axes(figure, low, high),
    ],
  });
}

function barsText(repeats: readonly number[]): string {
  const fewest = Math.min(...repeats);
  const most = Math.max(...repeats);
  if (most === 1) return 'no bars: 1 measured repeat';
  return `bars: min to max of ${fewest === most ? fewest : `${fewest} to ${most}`} measured repeats`;
}

function errorLines({ metric }: ValidationFigure, validation: Validation): readonly string[] {
  const errors = summaryOfErrors(validation, metric);
  if (errors === undefined) return [];
  const worst = percentText(errors.worst.prediction.error);
  return [`error: ${percentText(errors.medianError)} in the median of ${errors.points} points, ${worst} at worst`];
}

/** Straight lines on logarithmic scales, so that two ends are enough. */
function bandLayer(low: number, high: number, share: number, color: string): Layer {
  const values = [low, high].map((x) => ({ x, y: x * (1 - share), y2: x * (1 + share) }));
  return {
    data: { values },
    mark: { type: 'area', color, opacity: 1, clip: true },
    encoding: { x: quantitative('x'), y: quantitative('y'), y2: { field: 'y2' } },
  };
}

function diagonalLayer(low: number, high: number): Layer {
  return {
    data: { values: [low, high].map((x) => ({ x, y: x })) },
    mark: { type: 'line', color: 'black', strokeWidth: 0.6, clip: true },
    encoding: { x: quantitative('x'), y: quantitative('y') },
  };
}

function markerLayers(points: readonly ValidationFigurePoint[], style: CurveStyle, scale: number): readonly Layer[] {
  const values = points.map(({ prediction: { measuredAtSpeed, predicted, minAtSpeed, maxAtSpeed } }) => ({
    x: measuredAtSpeed * scale,
    y: predicted * scale,
    low: minAtSpeed * scale,
    high: maxAtSpeed * scale,
  }));
  return [
    {
      data: { values },
      mark: { type: 'rule', color: style.color, strokeWidth: 0.8 },
      encoding: { x: quantitative('low'), x2: { field: 'high' }, y: quantitative('y') },
    },
    { data: { values }, mark: marker(style), encoding: { x: quantitative('x'), y: quantitative('y') } },
  ];
}

function quantitative(field: string) {
  return { field, type: 'quantitative' } as const;
}

/** On a layer of nothing: it sets both scales. */
function axes({ axis, unit }: ValidationFigure, low: number, high: number): Layer {
  const domain = [low, high];
  const scale = { type: 'log' as const, domain, nice: false };
  const common = { ...AXIS, values: ticks(low, high), gridColor: '#dddddd', gridWidth: 0.5 };
  const format = { labelExpr: "format(datum.value, '~s')" };
  return {
    data: { values: [{ x: low, y: low }] },
    mark: { type: 'point', opacity: 0, size: 0 },
    encoding: {
      x: {
        ...quantitative('x'),
        scale,
        axis: { ...common, ...format, title: `Measured ${axis} (${unit})`, titleY: 13, titleBaseline: 'top' },
      },
      y: {
        ...quantitative('y'),
        scale,
        axis: {
          ...common,
          ...format,
          title: [`Predicted ${axis} (${unit})`, 'simulated: shared-host'],
          titleX: -41,
          titleAnchor: 'middle',
          titleBaseline: 'top',
        },
      },
    },
  };
}

/** 1, 2 and 5 times powers of ten between both ends. */
function ticks(low: number, high: number): number[] {
  const powers = Array.from(
    { length: Math.ceil(Math.log10(high)) - Math.floor(Math.log10(low)) + 1 },
    (_, index) => Math.floor(Math.log10(low)) + index,
  );
  return powers
    .flatMap((power) => [1, 2, 5].map((digit) => Number(`${digit}e${power}`)))
    .filter((tick) => tick >= low && tick <= high);
}
