import type { Comparison } from './comparisons.ts';
import { fairnessTable } from './fairness.ts';
import type { Manifest } from './manifest-file.ts';
import { differenceTable, resultTables } from './table.ts';
import { markdownText, type TextTable } from './text-table.ts';
import type { Validation } from './validation.ts';
import { verdictText } from './validation-tables.ts';
import { settingText, whereMeasured } from './where.ts';

export interface MarkdownInput {
  readonly comparisons: readonly Comparison[];
  readonly manifest: Manifest | undefined;
  readonly rows: { readonly valid: number; readonly invalid: number; readonly unknown: number };
  readonly warnings: readonly string[];
  readonly validation: Validation | undefined;
  /** Paths of figures relative to the report, by comparison. */
  readonly figures: ReadonlyMap<Comparison, readonly { readonly path: string; readonly description: string }[]>;
}

/** report.md: the RESULTS block's contents with the figures, all differences and what each protocol ran with. */
export function reportMarkdown(input: MarkdownInput): string {
  const { comparisons, rows, warnings, manifest } = input;
  return [
    '# Report',
    '',
    `${rows.valid} valid, ${rows.invalid} invalid and ${rows.unknown} unknown rows; valid rows alone enter a number or a figure.`,
    'Replicas and clients of a real run share the cores of one host and speak over the loopback interface: there is no network delay in these numbers. Simulated runs say so, and on which topology.',
    'The run is the unit of all statistics; columns and methods are in [data-dictionary.md](data-dictionary.md), all numbers in [summary.csv](summary.csv) and [differences.csv](differences.csv).',
    '',
    ...warnings.map((warning) => `- ${warning}`),
    ...(manifest === undefined ? [] : [markdownText(runTable(manifest), 2)]),
    ...comparisons.flatMap((comparison) => section(comparison, input)),
    ...validationSection(input.validation),
  ].join('\n');
}

/** The rest of it is a report of its own. */
function validationSection(validation: Validation | undefined): readonly string[] {
  if (validation === undefined) return [];
  return [
    '## Predicted against measured',
    '',
    `${verdictText(validation)} Point by point: [validation.md](validation.md), [validation.csv](validation.csv).`,
    '',
  ];
}

/** What was asked and where it ran; what the manifest does not know is left out. */
function runTable({ run, command, suite, versions = {}, commit, host = {} }: Manifest): TextTable {
  const { cpu, cores, memoryMib, platform } = host;
  const modified = commit?.modified === true ? ', with changes that are not committed' : '';
  const entries: readonly (readonly [string, string | number | undefined])[] = [
    ['run', run],
    ['command', command === undefined ? undefined : `\`${command}\``],
    ['seed', suite?.seed],
    [
      'versions',
      Object.entries(versions)
        .map((pair) => pair.join(' '))
        .join(', ') || undefined,
    ],
    ['commit', commit ? `${commit.revision}${modified}` : undefined],
    ['CPU', cpu === undefined ? undefined : `${cpu}, ${cores ?? 'unknown number of'} cores`],
    ['memory, MiB', memoryMib],
    ['platform', platform],
  ];
  return {
    title: 'The run',
    columns: ['', ''].map((head) => ({ head, align: 'left' as const })),
    rows: entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, `${value}`]])),
    notes: [],
  };
}

function section(comparison: Comparison, { manifest, figures, validation }: MarkdownInput): readonly string[] {
  const cores = manifest?.host?.cores;
  const tables = resultTables(comparison, cores, validation).filter(
    ({ title }) => title !== differenceTable(comparison, []).title,
  );
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
