import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { stringify } from 'csv-stringify/sync';
import { columns, type ResultRow } from './columns.ts';

/** results.csv, a row at a time. Each row is on the disk when `append` returns, so that a kill loses no finished measurement. */
export class ResultsFile {
  readonly #descriptor: number;

  /** Creates the file with its header. Throws the system's error if it exists or can't be written. */
  constructor(path: string) {
    this.#descriptor = openSync(path, 'ax');
    this.#write(columns.map((column) => column.name));
  }

  append(row: ResultRow): void {
    this.#write(columns.map((column) => cell(row[column.name])));
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #write(cells: readonly string[]): void {
    writeSync(this.#descriptor, stringify([cells]));
    fsyncSync(this.#descriptor);
  }
}

/** Nine digits are far beyond what any clock here resolves, and keep the file readable. Throws for what is no finite number. */
function cell(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  if (!Number.isFinite(value)) throw new RangeError(`${value} cannot stand in results.csv`);
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(9)));
}
