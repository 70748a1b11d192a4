import type { Comparison } from './comparisons.ts';
import { fairnessTable } from './fairness.ts';
import { differenceTable, resultTables } from './table.ts';
import { markdownText } from './text-table.ts';
import { settingText, whereMeasured } from './where.ts';

export interface MarkdownInput {
  readonly comparisons: readonly Comparison[];
  readonly cores: number | undefined;
  readonly cpu: string | undefined;
  readonly rows: { readonly valid: number; readonly invalid: number; readonly unknown: number };
  readonly warnings: readonly string[];
  /** Paths of figures relative to the report, by comparison. */
  readonly figures: ReadonlyMap<Comparison, readonly { readonly path: string; readonly description: string }[]>;
}

/** report.md: the RESULTS block's contents with the figures, all differences and what each protocol ran with. */
export function reportMarkdown(input: MarkdownInput): string {
  const { comparisons, rows, warnings, cpu } = input;
  const host = cpu === undefined ? '' : ` CPU: ${cpu}.`;
  return [
    '# Report',
    '',
    `${rows.valid} valid, ${rows.invalid} invalid and ${rows.unknown} unknown rows; valid rows alone enter a number or a figure.${host}`,
    'Replicas and clients of a run on a shared host share its cores and speak over the loopback interface: there is no network delay in these numbers.',
    'The run is the unit of all statistics; columns and methods are in [data-dictionary.md](data-dictionary.md), all numbers in [summary.csv](summary.csv) and [differences.csv](differences.csv).',
    '',
    ...warnings.map((warning) => `- ${warning}`),
    ...comparisons.flatMap((comparison) => section(comparison, input)),
  ].join('\n');
}

function section(comparison: Comparison, { cores, figures }: MarkdownInput): readonly string[] {
  const tables = resultTables(comparison, cores).filter(({ title }) => title !== differenceTable(comparison, []).title);
  const differences = differenceTable(comparison, ['throughput_ops_s', 'dedicated_bound_ops_s', 'latency_p50_us']);
  return [
    `## ${settingText(comparison.setting)} (${whereMeasured(comparison.setting, cores)})`,
    '',
    ...(figures.get(comparison) ?? []).map(({ path, description }) => `![${description}](${path})\n`),
    ...[...tables, ...(differences.rows.length === 0 ? [] : [differences]), fairnessTable(comparison)].map((table) =>
      markdownText(table, 3),
    ),
  ];
}
