import type { TopLevelSpec } from 'vega-lite';
import { AXIS, columnSpec, type Layer, marker, wrapped } from '../figures/column.ts';
import { type CurveStyle, curveStyle } from '../figures/styles.ts';
import type { SensitivityPoint } from './sensitivity.ts';

const PLOT_HEIGHT = 130;
/** Ratios that a logarithmic axis has room for. */
const LEAST_RATIO = 1;
const MOST_RATIO = 1_000;

/** Both losses against c/m: closed forms as lines, what was simulated as points, what was published as dotted levels. */
export function sensitivityFigureSpec(points: readonly SensitivityPoint[]): TopLevelSpec {
  const series = [...new Set(points.map((point) => point.series))].map((name, index) => ({
    name,
    style: curveStyle(index),
    points: points.filter((point) => point.series === name && point.ratio >= LEAST_RATIO && point.ratio <= MOST_RATIO),
  }));
  return columnSpec({
    header: wrapped('lines: closed form · points: simulated, messages of ¼ to 4 times their cost · dotted: published'),
    legend: series.map(({ name, style, points: own }) => ({
      label: name,
      style,
      line: own.some(({ closedForm }) => closedForm !== undefined),
      marked: true,
    })),
    plotHeight: PLOT_HEIGHT,
    layers: [
      ...series.flatMap(({ style, points: own }) => curve(style, own)),
      ...[...new Set(points.map(({ published }) => published))].map(level),
      axes(),
    ],
  });
}

const x = { field: 'x', type: 'quantitative', scale: { type: 'log' } } as const;
const y = { field: 'y', type: 'quantitative' } as const;

function curve(style: CurveStyle, points: readonly SensitivityPoint[]): readonly Layer[] {
  const at = (value: (point: SensitivityPoint) => number | undefined) =>
    points.flatMap((point) => {
      const change = value(point);
      return change === undefined ? [] : [{ x: point.ratio, y: 100 * change }];
    });
  const line = at(({ closedForm }) => closedForm).sort((a, b) => a.x - b.x);
  const marks = at(({ simulated }) => simulated);
  return [
    {
      data: { values: line },
      mark: { type: 'line', color: style.color, strokeWidth: 1, strokeDash: [...style.dash] },
      encoding: { x, y },
    },
    { data: { values: marks }, mark: marker(style), encoding: { x, y } },
  ];
}

function level(published: number): Layer {
  return {
    data: { values: [{ y: 100 * published }] },
    mark: { type: 'rule', color: '#666666', strokeWidth: 0.6, strokeDash: [1, 2] },
    encoding: { y },
  };
}

/** Both axes, on a layer of nothing. */
function axes(): Layer {
  return {
    data: { values: [{ x: LEAST_RATIO, y: 0 }] },
    mark: { type: 'point', opacity: 0, size: 0 },
    encoding: {
      x: {
        ...x,
        scale: { type: 'log', domain: [LEAST_RATIO, MOST_RATIO], nice: false },
        axis: {
          ...AXIS,
          title: 'fixed cost of a request over that of a MAC, c/m',
          values: [1, 10, 100, 1_000],
          format: 'd',
          grid: false,
          titleY: 13,
          titleBaseline: 'top',
        },
      },
      y: {
        ...y,
        scale: { domain: [-100, 0], nice: false },
        axis: {
          ...AXIS,
          title: ['Change of throughput, f = 1 → 5 (%)', 'simulated: a machine for every node, 2005'],
          titleX: -41,
          titleAnchor: 'middle',
          titleBaseline: 'top',
          tickCount: 5,
          gridColor: '#dddddd',
          gridWidth: 0.5,
        },
      },
    },
  };
}
