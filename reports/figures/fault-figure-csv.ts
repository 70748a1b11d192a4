import type { TableColumn } from '../csv.ts';
import { parameterColumns } from '../parameter-columns.ts';
import type { Metric } from '../points.ts';
import type { FigurePoint } from './fault-figure.ts';

/** The columns of a figure's own CSV: what was drawn, and the parameters of the point it comes from. */
export function figureColumns(metric: Metric): readonly TableColumn<FigurePoint>[] {
  return [
    { name: 'series', type: 'text', description: 'the curve, as in the legend', cell: ({ series }) => series },
    ...parameterColumns<FigurePoint>(({ point }) => point.parameters),
    { name: 'runs', type: 'number', description: 'valid runs behind the point', cell: ({ runs }) => runs },
    {
      name: `${metric}_median`,
      type: 'number',
      description: 'the plotted value: best median over client counts, which stand in clients and outstanding',
      cell: ({ median }) => median,
    },
    {
      name: `${metric}_low`,
      type: 'number',
      description: 'low end of the error bar; empty for a single run',
      cell: ({ bar }) => bar?.low,
    },
    {
      name: `${metric}_high`,
      type: 'number',
      description: 'high end of the error bar; empty for a single run',
      cell: ({ bar }) => bar?.high,
    },
    {
      name: 'bar',
      type: 'text',
      description:
        "what the error bar is: median-ci95, the median's interval from order statistics, from 6 runs on; min-max below that",
      cell: ({ bar }) => bar?.kind,
    },
  ];
}
