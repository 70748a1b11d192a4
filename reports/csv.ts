import { stringify } from 'csv-stringify/sync';

export type Cell = string | number | undefined;

/** A column of a CSV that the report writes; the data dictionary is made from these. */
export interface TableColumn<Row> {
  readonly name: string;
  readonly type: 'text' | 'number';
  readonly description: string;
  readonly cell: (row: Row) => Cell;
}

/** Header and rows, `\n` line ends; a missing value is an empty cell, never zero. */
export function csvText<Row>(tableColumns: readonly TableColumn<Row>[], rows: readonly Row[]): string {
  return stringify([
    tableColumns.map(({ name }) => name),
    ...rows.map((row) => tableColumns.map(({ cell }) => text(cell(row)))),
  ]);
}

function text(cell: Cell): string {
  if (cell === undefined) return '';
  if (typeof cell === 'string') return cell;
  if (!Number.isFinite(cell)) throw new RangeError(`${cell} cannot stand in a CSV`);
  return String(cell);
}

/** A row as an object, without the cells that are not known. */
export function record<Row>(tableColumns: readonly TableColumn<Row>[], row: Row): Readonly<Record<string, Cell>> {
  const cells = tableColumns.map(({ name, cell }) => [name, cell(row)] as const);
  return Object.fromEntries(cells.filter(([, value]) => value !== undefined && value !== ''));
}
