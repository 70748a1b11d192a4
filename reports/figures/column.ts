import type { TopLevelSpec } from 'vega-lite';
import type { CurveStyle } from './styles.ts';

type LayeredSpec = Extract<TopLevelSpec, { readonly layer: unknown }>;
export type Layer = LayeredSpec['layer'][number];

/** All lengths in points: a column of a two-column paper is 3.33 inches wide. */
const COLUMN = 240;
const LABEL = 7;
const TITLE = 7.5;
const FONT = 'Helvetica, Arial, Liberation Sans, sans-serif';
const MARGIN = { left: 46, right: 8, bottom: 27 };
export const PLOT_WIDTH = COLUMN - MARGIN.left - MARGIN.right;
const LINE = 10;
const LEGEND_COLUMNS = 2;

/** How every axis looks. */
export const AXIS = {
  labelFontSize: LABEL,
  titleFontSize: TITLE,
  titleFontWeight: 'normal',
  labelFont: FONT,
  titleFont: FONT,
  domainWidth: 0.6,
  tickWidth: 0.6,
  tickSize: 3,
  labelPadding: 2,
  domainColor: 'black',
  tickColor: 'black',
} as const;

interface LegendEntry {
  readonly label: string;
  readonly style: CurveStyle;
  /** With a line, a marker, or both. */
  readonly line: boolean;
  readonly marked: boolean;
}

export interface ColumnFigure {
  /** Lines above the legend. */
  readonly header: readonly string[];
  readonly legend: readonly LegendEntry[];
  readonly plotHeight: number;
  readonly layers: readonly Layer[];
}

/** A figure as wide as a column: lines of text, a legend in two columns, and the plot. */
export function columnSpec({ header, legend, plotHeight, layers }: ColumnFigure): TopLevelSpec {
  const legendLines = Math.ceil(legend.length / LEGEND_COLUMNS);
  const top = (header.length + legendLines) * LINE + 8;
  return {
    width: PLOT_WIDTH,
    height: plotHeight,
    padding: { ...MARGIN, top },
    // The layout is fixed: without a DOM text cannot be measured, and a guess would move the figure.
    autosize: 'none',
    background: 'white',
    config: { font: FONT, view: { stroke: null } },
    layer: [
      ...header.map((line, index) => textAt(line, 4 - MARGIN.left, 6 - top + index * LINE)),
      ...legend.flatMap((entry, index) => legendEntry(entry, index, -legendLines * LINE)),
      ...layers,
    ],
  };
}

function legendEntry({ label, style, line, marked }: LegendEntry, index: number, top: number): readonly Layer[] {
  const left = (index % LEGEND_COLUMNS) * (COLUMN / LEGEND_COLUMNS) - MARGIN.left + 4;
  const data = { values: [{}] };
  const y = { value: top + Math.floor(index / LEGEND_COLUMNS) * LINE };
  const rule: Layer = {
    data,
    mark: { type: 'rule', color: style.color, strokeWidth: 1, strokeDash: [...style.dash] },
    encoding: { x: { value: left }, x2: { value: left + 22 }, y },
  };
  const mark: Layer = { data, mark: marker(style), encoding: { x: { value: left + 11 }, y } };
  return [...(line ? [rule] : []), ...(marked ? [mark] : []), textAt(label, left + 26, y.value)];
}

export function marker({ color, shape }: CurveStyle) {
  return { type: 'point', shape, color, filled: true, opacity: 1, size: 18 } as const;
}

function textAt(text: string, x: number, y: number): Layer {
  return {
    data: { values: [{}] },
    mark: { type: 'text', text, font: FONT, fontSize: LABEL, align: 'left', baseline: 'middle', color: 'black' },
    encoding: { x: { value: x }, y: { value: y } },
  };
}

/** Lines that fit the column at LABEL size, by a mean width of a character in Helvetica. */
export function wrapped(text: string): readonly string[] {
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
