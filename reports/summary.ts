import type { TableColumn } from './csv.ts';
import { described, parameterColumns } from './parameter-columns.ts';
import { type Metric, medianOnly, metrics, type Point, summaryOf } from './points.ts';
import type { Summary } from './statistics.ts';

type Statistic = readonly [suffix: string, description: string, value: (summary: Summary) => number | undefined];

const statistics: readonly Statistic[] = [
  ['runs', 'valid runs that know the metric', (summary) => summary.runs],
  ['mean', 'arithmetic mean over the valid runs', (summary) => summary.mean],
  [
    'mean_ci95_low',
    "low end of the mean's 95 % confidence interval: mean − t(0.975, runs − 1) · s / √runs (Student's t); empty below 6 runs",
    (summary) => summary.meanInterval?.low,
  ],
  ['mean_ci95_high', 'high end of the same interval', (summary) => summary.meanInterval?.high],
  ['median', 'median over the valid runs', (summary) => summary.median],
  [
    'median_ci95_low',
    "low end of the median's distribution-free interval of at least 95 %, from order statistics (binomial, ½); empty below 6 runs",
    (summary) => summary.medianInterval?.low,
  ],
  ['median_ci95_high', 'high end of the same interval', (summary) => summary.medianInterval?.high],
  ['min', 'smallest of the valid runs', (summary) => summary.min],
  ['max', 'largest of the valid runs', (summary) => summary.max],
];

/** What is said of each metric, as suffixes of its name. */
export const statisticSuffixes = statistics.map(([name, description]) => ({
  name,
  type: 'number' as const,
  description,
}));

/** The columns of summary.csv in their order, one row for each point. */
export const summaryColumns: readonly TableColumn<Point>[] = [
  ...parameterColumns<Point>((point) => point.parameters),
  number(
    'valid_runs',
    'repeats whose verdict is valid; no other enters a statistic',
    (point) => point.validRows.length,
  ),
  number('invalid_runs', 'repeats whose verdict is invalid', (point) => point.invalid),
  number('unknown_runs', 'repeats whose verdict is unknown', (point) => point.unknown),
  text('reasons', 'why repeats are not valid, each reason once', (point) => point.reasons.join('; ')),
  text('warnings', 'warnings on valid repeats, each once', (point) => point.warnings.join('; ')),
  ...metrics.flatMap(statisticsOf),
  ...medianOnly.map((name) =>
    number(
      `${name}_median`,
      `median over the valid runs of: ${described(name).description}`,
      (point) => summaryOf(point, name)?.median,
    ),
  ),
];

function statisticsOf(metric: Metric): readonly TableColumn<Point>[] {
  return statistics.map(([suffix, description, value]) =>
    number(`${metric}_${suffix}`, `${metric}: ${description}`, (point) => {
      const summary = summaryOf(point, metric);
      return summary === undefined ? undefined : value(summary);
    }),
  );
}

function number(name: string, description: string, cell: (point: Point) => number | undefined): TableColumn<Point> {
  return { name, type: 'number', description, cell };
}

function text(name: string, description: string, cell: (point: Point) => string): TableColumn<Point> {
  return { name, type: 'text', description, cell };
}
