import { columns } from '../harness/results/columns.ts';
import { csvText, type TableColumn } from './csv.ts';
import { differenceColumns } from './differences.ts';
import { faultFigures } from './figures/fault-figure.ts';
import { figureColumns } from './figures/fault-figure-csv.ts';
import { validationFigureColumns, validationFigures } from './figures/validation-figure.ts';
import { summaryColumns } from './summary.ts';
import { validationColumns } from './validation-columns.ts';

interface DictionaryEntry {
  readonly file: string;
  readonly name: string;
  readonly type: 'text' | 'number';
  readonly description: string;
}

/** Every column of every CSV of a run's directory. Units are in the names; an empty cell means "not known", never zero. */
export const dictionary: readonly DictionaryEntry[] = [
  ...entries('results.csv', columns),
  ...entries('summary.csv', summaryColumns),
  ...entries('differences.csv', differenceColumns),
  ...faultFigures.flatMap(({ name, metric }) => entries(`figures/${name}.csv`, figureColumns(metric))),
  ...entries('validation.csv', validationColumns),
  ...validationFigures.flatMap((figure) => entries(`figures/${figure.name}.csv`, validationFigureColumns(figure))),
];

const dictionaryColumns: readonly TableColumn<DictionaryEntry>[] = [
  { name: 'file', type: 'text', description: 'the CSV', cell: ({ file }) => file },
  { name: 'column', type: 'text', description: 'its column', cell: ({ name }) => name },
  { name: 'type', type: 'text', description: 'text or number', cell: ({ type }) => type },
  {
    name: 'description',
    type: 'text',
    description: 'meaning, unit and method',
    cell: ({ description }) => description,
  },
];

export function dictionaryCsv(): string {
  return csvText(dictionaryColumns, dictionary);
}

export function dictionaryMarkdown(): string {
  const files = [...new Set(dictionary.map(({ file }) => file))];
  const sections = files.map(
    (file) => `## ${file}\n\n${columnTable(dictionary.filter((entry) => entry.file === file))}`,
  );
  return `# Data dictionary\n\nUnits are in the column names. An empty cell means "not known", never zero.\n\n${sections.join('\n')}`;
}

/** A Markdown table of columns; README's tables are these. */
export function columnTable(
  documented: readonly { readonly name: string; readonly type: string; readonly description: string }[],
): string {
  const rows = documented.map(
    ({ name, type, description }) => `| \`${name}\` | ${type} | ${description.replaceAll('|', '\\|')} |`,
  );
  return ['| column | type | meaning |', '| --- | --- | --- |', ...rows, ''].join('\n');
}

function entries(
  file: string,
  documented: readonly { readonly name: string; readonly type: 'text' | 'number'; readonly description: string }[],
): readonly DictionaryEntry[] {
  return documented.map(({ name, type, description }) => ({ file, name, type, description }));
}
