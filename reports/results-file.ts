import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';
import { columns, type ResultRow } from '../harness/results/columns.ts';
import { ReportInputError } from './input-error.ts';

export const RESULTS_FILE = 'results.csv';

export interface Results {
  readonly rows: readonly ResultRow[];
  /** What a reader of the report must know about the file, one line each. */
  readonly warnings: readonly string[];
}

/** Throws ReportInputError naming row and column of the first cell that is not what columns.ts says. */
export async function readResults(directory: string): Promise<Results> {
  const path = join(directory, RESULTS_FILE);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
    if (missing)
      throw new ReportInputError(`no ${RESULTS_FILE} in ${directory}: name a directory that a run left behind`);
    throw new ReportInputError(`cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return parseResults(text);
}

export function parseResults(text: string): Results {
  const { records, cut } = wholeRecords(text);
  const [header, ...body] = records;
  if (header === undefined) throw new ReportInputError(`${RESULTS_FILE} is empty; it must begin with its column names`);
  checkHeader(header.cells);
  const rows = body.map((record, index) => rowOf(record, index + 1));
  const warnings = cut ? [`${RESULTS_FILE}: the last row was cut off when the run was ended; it is left out`] : [];
  return { rows, warnings };
}

/** All records but one at the end that was not written whole: without a line end, and with cells missing or a quote open. */
function wholeRecords(text: string): { readonly records: readonly CsvRecord[]; readonly cut: boolean } {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  if (whole === text || whole === '') return { records: parseRecords(text), cut: false };
  const before = parseRecords(whole);
  const last = parseQuietly(text.slice(whole.length));
  const cut = last === undefined || last.length < columns.length;
  return cut ? { records: before, cut } : { records: parseRecords(text), cut };
}

/** Undefined if it is not CSV. */
function parseQuietly(line: string): readonly string[] | undefined {
  try {
    return parseRecords(line).at(0)?.cells;
  } catch {
    return undefined;
  }
}

interface CsvRecord {
  readonly cells: readonly string[];
  /** Of the record's end in the file, from 1. */
  readonly line: number;
}

const parsedRecords = z.array(z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) }));

function parseRecords(text: string): readonly CsvRecord[] {
  try {
    const parsed: unknown = parse(text, { bom: true, relax_column_count: true, skip_empty_lines: true, info: true });
    return parsedRecords.parse(parsed).map(({ record, info }) => ({ cells: record, line: info.lines }));
  } catch (error) {
    if (error instanceof CsvError) throw new ReportInputError(`${RESULTS_FILE}: not CSV: ${error.message}`);
    throw error;
  }
}

function checkHeader(names: readonly string[]): void {
  const unknown = names.find((name) => !columns.some((column) => column.name === name));
  if (unknown !== undefined) throw new ReportInputError(`${RESULTS_FILE} row 0 (header): unknown column '${unknown}'`);
  const wrong = columns.findIndex((column, index) => names[index] !== column.name);
  const expected = columns[wrong];
  if (expected === undefined) return;
  const found = names[wrong];
  throw new ReportInputError(
    `${RESULTS_FILE} row 0 (header): column ${wrong + 1} must be '${expected.name}', but ${found === undefined ? 'it is missing' : `is '${found}'`}`,
  );
}

/** Columns without which a row says nothing; the others may be empty, which means "not known". */
const wholeNumbers = ['f', 'n', 'clients', 'outstanding', 'repeat'] as const satisfies readonly (keyof ResultRow)[];
const required = ['protocol', 'runtime', 'topology', 'service', 'mac'] as const satisfies readonly (keyof ResultRow)[];

const cellSchemas: ReadonlyMap<string, z.ZodType<string | number | undefined>> = new Map(
  columns.map((column) => [column.name, cellSchema(column)]),
);

function cellSchema({ name, type }: (typeof columns)[number]): z.ZodType<string | number | undefined> {
  if (name === 'verdict') return z.enum(['valid', 'invalid', 'unknown'], 'must be valid, invalid or unknown');
  if (includes(wholeNumbers, name)) return number().pipe(z.int('must be a whole number'));
  if (includes(required, name)) return z.string().min(1, 'must not be empty');
  if (type === 'text') return z.string();
  return z.union([z.literal('').transform(() => undefined), number()], 'must be a number of at least 0, or empty');
}

function number() {
  return z
    .string()
    .regex(/^\d+(\.\d+)?([eE][+-]?\d+)?$/, 'must be a number of at least 0')
    .transform(Number)
    .refine(Number.isFinite, 'must be a number of at least 0');
}

function rowOf({ cells, line }: CsvRecord, number: number): ResultRow {
  const where = `${RESULTS_FILE} row ${number} (line ${line})`;
  if (cells.length !== columns.length) {
    const missing = columns[cells.length]?.name;
    const what = missing === undefined ? 'cells after the last column, verdict_reason' : `column ${missing} is missing`;
    throw new ReportInputError(`${where}: ${cells.length} cells instead of ${columns.length}: ${what}`);
  }
  const row: { [name: string]: string | number | undefined } = {};
  for (const [index, { name }] of columns.entries()) {
    const cell = cells[index] ?? '';
    const checked = cellSchemas.get(name)?.safeParse(cell);
    if (checked?.success !== true) {
      throw new ReportInputError(
        `${where}, column ${name}: ${checked?.error.issues[0]?.message ?? 'unknown column'}, not '${cell}'`,
      );
    }
    row[name] = checked.data;
  }
  if (!isResultRow(row)) throw new ReportInputError(`${where}: not a result row`);
  return row;
}

/** Proves to the compiler what the cell schemas have established. */
function isResultRow(row: { readonly [name: string]: string | number | undefined }): row is ResultRow {
  return columns.every(({ name, type }) => {
    const value = row[name];
    return type === 'text' ? typeof value === 'string' : value === undefined || typeof value === 'number';
  });
}

function includes(names: readonly string[], name: string): boolean {
  return names.includes(name);
}
