import Table from 'cli-table3';

/** A table of finished texts, before it is known where it will be read. */
export interface TextTable {
  readonly title: string;
  readonly columns: readonly { readonly head: string; readonly align: 'left' | 'right' }[];
  readonly rows: readonly (readonly string[])[];
  /** Lines below the table. */
  readonly notes: readonly string[];
}

/** Plain aligned text without colours or rules, the same on a terminal and in a pipe. */
export function terminalText({ title, columns, rows, notes }: TextTable): string {
  const none = Object.fromEntries(borderNames.map((name) => [name, '']));
  const table = new Table({
    chars: { ...none, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: columns.map(({ align }) => align),
  });
  table.push(
    columns.map(({ head }) => head),
    ...rows.map((row) => [...row]),
  );
  const lines = table.toString().split('\n');
  return [title, ...lines.map((line) => `  ${line}`.trimEnd()), ...notes.map((note) => `  ${note}`)].join('\n');
}

const borderNames = [
  'top',
  'top-mid',
  'top-left',
  'top-right',
  'bottom',
  'bottom-mid',
  'bottom-left',
  'bottom-right',
  'left',
  'left-mid',
  'mid',
  'mid-mid',
  'right',
  'right-mid',
] as const;

export function markdownText({ title, columns, rows, notes }: TextTable, level: number): string {
  return [
    `${'#'.repeat(level)} ${title}`,
    '',
    markdownRow(columns.map(({ head }) => head)),
    markdownRow(columns.map(({ align }) => (align === 'right' ? '--:' : '---'))),
    ...rows.map(markdownRow),
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => `- ${note}`)]),
    '',
  ].join('\n');
}

function markdownRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
