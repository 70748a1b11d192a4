import type { TopLevelSpec } from 'vega-lite';
import type { Comparison, Setting } from '../comparisons.ts';
import { settingText } from '../where.ts';
import { type FaultFigure, type FigurePoint, figurePoints } from './fault-figure.ts';
import { type CurveStyle, curveStyle } from './styles.ts';

type LayeredSpec = Extract<TopLevelSpec, { readonly layer: unknown }>;
type Layer = LayeredSpec['layer'][number];

/** All lengths in points: a column of a two-column paper is 3.33 inches wide. */
const COLUMN = 240;
const LABEL = 7;
const TITLE = 7.5;
const FONT = 'Helvetica, Arial, Liberation Sans, sans-serif';
const PLOT_HEIGHT = 130;
const MARGIN = { left: 46, right: 8, bottom: 27 };
const PLOT_WIDTH = COLUMN - MARGIN.left - MARGIN.right;
const LINE = 10;
const LEGEND_COLUMNS = 2;
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
  const legendLines = Math.ceil(drawn.length / LEGEND_COLUMNS);
  const top = (header.length + legendLines) * LINE + 8;
  return {
    width: PLOT_WIDTH,
    height: PLOT_HEIGHT,
    padding: { ...MARGIN, top },
    // The layout is fixed: without a DOM text cannot be measured, and a guess would move the figure.
    autosize: 'none',
    background: 'white',
    config: { font: FONT, view: { stroke: null } },
    layer: [
      ...header.map((line, index) => textAt(line, 4 - MARGIN.left, 6 - top + index * LINE)),
      ...drawn.flatMap((curve, index) => legendEntry(curve, index, -legendLines * LINE)),
      ...drawn.filter(({ ceiling }) => ceiling).flatMap((curve) => curveLayers(curve, 0, figure)),
      ...moving.flatMap((curve, index) => curveLayers(curve, index - (moving.length - 1) / 2, figure)),
      axes(figure, comparison.setting, cores, drawn),
    ],
  };
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
  const text = {
    labelFontSize: LABEL,
    titleFontSize: TITLE,
    titleFontWeight: 'normal',
    labelFont: FONT,
    titleFont: FONT,
  } as const;
  const line = {
    domainWidth: 0.6,
    tickWidth: 0.6,
    tickSize: 3,
    labelPadding: 2,
    domainColor: 'black',
    tickColor: 'black',
  } as const;
  return {
    data: { values: drawn.flatMap(({ points }) => points.map((point) => ({ y: topOf(point) * figure.scale }))) },
    mark: { type: 'point', opacity: 0, size: 0 },
    encoding: {
      x: {
        datum: ends[0],
        type: 'quantitative',
        scale: { domain: ends, nice: false, zero: false },
        axis: {
          ...text,
          ...line,
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
          ...text,
          ...line,
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

function legendEntry(curve: Curve, index: number, top: number): readonly Layer[] {
  const left = (index % LEGEND_COLUMNS) * (COLUMN / LEGEND_COLUMNS) - MARGIN.left + 4;
  const middle = top + Math.floor(index / LEGEND_COLUMNS) * LINE;
  const data = { values: [{}] };
  const y = { value: middle };
  const line: Layer = {
    data,
    mark: { type: 'rule', color: curve.style.color, strokeWidth: 1, strokeDash: [...curve.style.dash] },
    encoding: { x: { value: left }, x2: { value: left + 22 }, y },
  };
  const mark: Layer = { data, mark: marker(curve.style), encoding: { x: { value: left + 11 }, y } };
  return [line, ...(curve.ceiling ? [] : [mark]), textAt(curve.label, left + 26, middle)];
}

function marker({ color, shape }: CurveStyle) {
  return { type: 'point', shape, color, filled: true, opacity: 1, size: 18 } as const;
}

function textAt(text: string, x: number, y: number): Layer {
  return {
    data: { values: [{}] },
    mark: { type: 'text', text, font: FONT, fontSize: LABEL, align: 'left', baseline: 'middle', color: 'black' },
    encoding: { x: { value: x }, y: { value: y } },
  };
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

/** Lines that fit the column at LABEL size, by a mean width of a character in Helvetica. */
function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  if (text === '') return lines;
  for (const part of text.split(' · ')) {
    const last = lines.at(-1);
    const longer = last === undefined ? part : `${last} · ${part}`;
    if (last !== undefined && longer.length * LABEL * 0.46 > COLUMN - 8) lines.push(part);
    else lines[Math.max(lines.length - 1, 0)] = longer;
  }
  return lines;
}

function faultsOf({ point }: FigurePoint): number {
  return point.parameters.f ?? 0;
}

function topOf({ median, bar }: FigurePoint): number {
  return bar?.high ?? median;
}
