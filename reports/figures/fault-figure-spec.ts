import type { TopLevelSpec } from 'vega-lite';
import type { Comparison, Setting } from '../comparisons.ts';
import { settingText } from '../where.ts';
import { AXIS, columnSpec, type Layer, marker, wrapped } from './column.ts';
import { type FaultFigure, type FigurePoint, figurePoints } from './fault-figure.ts';
import { type CurveStyle, curveStyle } from './styles.ts';

const PLOT_HEIGHT = 130;
/** A ceiling further than this above the curves would flatten them: it is told in words instead. */
const CEILING_LIMIT = 2;
/** Distance of neighbouring curves at one f, in f. */
const DODGE = 0.04;

interface Curve {
  readonly label: string;
  readonly style: CurveStyle;
  readonly points: readonly FigurePoint[];
  /** Measured at f = 0 only: a level that the other curves are read against, not a curve. */
  readonly ceiling: boolean;
}

/** Undefined if there is nothing to draw: no valid row knows the metric. */
export function faultFigureSpec(
  figure: FaultFigure,
  comparison: Comparison,
  cores: number | undefined,
): TopLevelSpec | undefined {
  const points = figurePoints(comparison, figure.metric);
  if (points.length === 0) return undefined;
  const curves = curvesOf(comparison, points);
  const highest = Math.max(...curves.filter(({ ceiling }) => !ceiling).flatMap(({ points }) => points.map(topOf)));
  const isFarAbove = ({ ceiling, points }: Curve) =>
    ceiling && Number.isFinite(highest) && Math.max(...points.map(topOf)) > CEILING_LIMIT * highest;
  const drawn = curves.filter((curve) => !isFarAbove(curve));
  const moving = drawn.filter(({ ceiling }) => !ceiling);
  const header = [
    ...wrapped(settingText(comparison.setting)),
    ...wrapped(figure.note ?? ''),
    barsText(moving.flatMap((curve) => curve.points)),
    ...curves.filter(isFarAbove).map((curve) => offTheScale(curve, figure)),
  ];
  return columnSpec({
    header,
    legend: drawn.map(({ label, style, ceiling }) => ({ label, style, marked: !ceiling, line: true })),
    plotHeight: PLOT_HEIGHT,
    layers: [
      ...drawn.filter(({ ceiling }) => ceiling).flatMap((curve) => curveLayers(curve, 0, figure)),
      ...moving.flatMap((curve, index) => curveLayers(curve, index - (moving.length - 1) / 2, figure)),
      axes(figure, comparison.setting, cores, drawn),
    ],
  });
}

function curvesOf(comparison: Comparison, points: readonly FigurePoint[]): readonly Curve[] {
  const anyFaults = points.some((point) => faultsOf(point) > 0);
  return comparison.series.flatMap(({ label }, index) => {
    const own = points.filter(({ series }) => series === label);
    if (own.length === 0) return [];
    const ceiling = anyFaults && own.every((point) => faultsOf(point) === 0);
    // Styles go by the place among all series, so that a protocol looks alike in all figures of one comparison.
    return [{ label, style: curveStyle(index), points: own, ceiling }];
  });
}

/** Both axes, on a layer of nothing: it spans what is drawn, from 0. */
function axes(figure: FaultFigure, setting: Setting, cores: number | undefined, drawn: readonly Curve[]): Layer {
  const curves = drawn.some(({ ceiling }) => !ceiling) ? drawn.filter(({ ceiling }) => !ceiling) : drawn;
  const faults = [...new Set(curves.flatMap(({ points }) => points.map(faultsOf)))].sort((a, b) => a - b);
  const ends = [Math.min(...faults) - 0.25, Math.max(...faults) + 0.25];
  return {
    data: { values: drawn.flatMap(({ points }) => points.map((point) => ({ y: topOf(point) * figure.scale }))) },
    mark: { type: 'point', opacity: 0, size: 0 },
    encoding: {
      x: {
        datum: ends[0],
        type: 'quantitative',
        scale: { domain: ends, nice: false, zero: false },
        axis: {
          ...AXIS,
          title: 'Byzantine faults tolerated, f',
          values: faults,
          format: 'd',
          grid: false,
          titleY: 13,
          titleBaseline: 'top',
        },
      },
      y: {
        field: 'y',
        type: 'quantitative',
        scale: { zero: true, nice: true },
        axis: {
          ...AXIS,
          title: [`${figure.axis} (${figure.unit})`, figure.provenance(setting, cores)],
          titleX: -41,
          titleAnchor: 'middle',
          titleBaseline: 'top',
          labelExpr: `datum.value === 0 ? '0' : format(datum.value, '${figure.tickFormat}')`,
          tickCount: 5,
          gridColor: '#dddddd',
          gridWidth: 0.5,
        },
      },
    },
  };
}

function curveLayers(curve: Curve, place: number, figure: FaultFigure): readonly Layer[] {
  const { style, points } = curve;
  const values = points.map((point) => ({
    // Curves stand a little apart, so that error bars at one f do not hide each other.
    x: faultsOf(point) + place * DODGE,
    y: point.median * figure.scale,
    ...(point.bar === undefined ? {} : { low: point.bar.low * figure.scale, high: point.bar.high * figure.scale }),
  }));
  const stroke = { color: style.color, strokeWidth: 1 };
  const x = { field: 'x', type: 'quantitative' } as const;
  const y = { field: 'y', type: 'quantitative' } as const;
  if (curve.ceiling) {
    return [{ data: { values }, mark: { type: 'rule', ...stroke, strokeDash: [...style.dash] }, encoding: { y } }];
  }
  const bars = { values: values.filter((value) => value.low !== undefined) };
  const cap = { type: 'tick', orient: 'horizontal', size: 4, thickness: 0.8, color: style.color } as const;
  return [
    {
      data: bars,
      mark: { type: 'rule', ...stroke, strokeWidth: 0.8 },
      encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' } },
    },
    { data: bars, mark: cap, encoding: { x, y: { ...y, field: 'low' } } },
    { data: bars, mark: cap, encoding: { x, y: { ...y, field: 'high' } } },
    { data: { values }, mark: { type: 'line', ...stroke, strokeDash: [...style.dash] }, encoding: { x, y } },
    { data: { values }, mark: marker(style), encoding: { x, y } },
  ];
}

/** What the error bars are, and of how many runs (METHOD §6, rule 5). */
function barsText(points: readonly FigurePoint[]): string {
  const kinds = new Set(points.map(({ bar }) => bar?.kind));
  const runs = points.map((point) => point.runs);
  const fewest = Math.min(...runs);
  const most = Math.max(...runs);
  const count = fewest === most ? `${most} ${most === 1 ? 'run' : 'runs'}` : `${fewest} to ${most} runs`;
  if (!kinds.has('median-ci95')) return kinds.has('min-max') ? `bars: min to max, ${count}` : `no bars: ${count}`;
  const below = kinds.size > 1 ? ' (min to max below 6 runs)' : '';
  return `bars: 95 % interval of the median${below}, ${count}`;
}

function offTheScale({ label, points: [point] }: Curve, { scale, unit }: FaultFigure): string {
  const value = (point?.median ?? Number.NaN) * scale;
  return `${label}: ${value.toLocaleString('en-US', { maximumSignificantDigits: 3 })} ${unit}, above this scale`;
}

function faultsOf({ point }: FigurePoint): number {
  return point.parameters.f ?? 0;
}

function topOf({ median, bar }: FigurePoint): number {
  return bar?.high ?? median;
}
