import type { TableColumn } from './csv.ts';
import { parameterColumns } from './parameter-columns.ts';
import { type Prediction, type ValidatedMetric, type ValidatedPoint, validatedMetrics } from './validation.ts';

/** The columns of validation.csv in their order, one row for each point that was measured and simulated. */
export const validationColumns: readonly TableColumn<ValidatedPoint>[] = [
  ...parameterColumns<ValidatedPoint>((point) => point.parameters).map((column) =>
    column.name === 'runtime' ? { ...column, description: `${column.description} (of the measured point)` } : column,
  ),
  { name: 'repeats', type: 'number', description: 'valid measured repeats', cell: ({ repeats }) => repeats },
  {
    name: 'slowdown',
    type: 'number',
    description:
      'what a fixed piece of work took beside the measured repeats, over what it took when the cost profile was measured: above 1 the machine was slower (median)',
    cell: ({ slowdown }) => slowdown,
  },
  ...validatedMetrics.flatMap(metricColumns),
];

function metricColumns(metric: ValidatedMetric): readonly TableColumn<ValidatedPoint>[] {
  const number = (suffix: string, description: string, cell: (prediction: Prediction) => number | undefined) => ({
    name: `${metric}_${suffix}`,
    type: 'number' as const,
    description: `${metric}: ${description}`,
    cell: ({ predictions }: ValidatedPoint) => {
      const prediction = predictions[metric];
      return prediction === undefined ? undefined : cell(prediction);
    },
  });
  return [
    number('measured', 'median over the measured repeats', ({ measured }) => measured),
    number('measured_min', 'smallest of the measured repeats', ({ min }) => min),
    number('measured_max', 'largest of the measured repeats', ({ max }) => max),
    number(
      'measured_at_speed',
      'median of the measured repeats, each as it were on a machine as fast as the profile was measured on (slowdown)',
      ({ measuredAtSpeed }) => measuredAtSpeed,
    ),
    number('predicted', 'the same point simulated on the shared host', ({ predicted }) => predicted),
    number('error_percent', 'predicted ÷ measured_at_speed − 1, in %', ({ error }) => 100 * error),
    number('raw_error_percent', 'predicted ÷ measured − 1, in %', ({ rawError }) => 100 * rawError),
    number(
      'spread_percent',
      'repeats at that speed: (largest − smallest) ÷ median, in %; empty for a single one',
      ({ spread }) => (spread === undefined ? undefined : 100 * spread),
    ),
  ];
}
