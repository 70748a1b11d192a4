import { columns } from '../../harness/results/columns.ts';
import { columnTable } from '../data-dictionary.ts';
import { medianOnly, metrics, parameters } from '../points.ts';
import { statisticSuffixes, summaryColumns } from '../summary.ts';

/** The parts of README that say what columns there are, as the code has it. */
export function readmeTables(): { readonly results: string; readonly summary: string } {
  const names = new Set<string>([
    ...parameters,
    ...metrics.flatMap((metric) => statisticSuffixes.map(({ name }) => `${metric}_${name}`)),
    ...medianOnly.map((name) => `${name}_median`),
  ]);
  const summary = [
    `Parameters, as in \`results.csv\`: ${listed(parameters)}.`,
    '',
    columnTable(summaryColumns.filter(({ name }) => !names.has(name))),
    `For each metric M of ${listed(metrics)} the columns \`M_<statistic>\`, in the metric's unit:`,
    '',
    columnTable(statisticSuffixes.map((statistic) => ({ ...statistic, name: `M_${statistic.name}` }))),
    `Of ${listed(medianOnly)} the median over the valid runs alone, as \`<column>_median\`.`,
    '',
  ];
  return { results: columnTable(columns), summary: summary.join('\n') };
}

function listed(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
