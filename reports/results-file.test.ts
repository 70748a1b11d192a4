import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ReportInputError } from './input-error.ts';
import { parseResults, readResults } from './results-file.ts';
import { resultsCsv, row } from './testing/rows.ts';

test('rows come back as they were written', () => {
  const rows = [
    row(),
    row({ cpu_us_per_op_busiest: undefined, dedicated_bound_ops_s: undefined }),
    row({ verdict: 'invalid', verdict_reason: 'a "quoted", long\nreason', throughput_ops_s: 1.5e-7 }),
  ];
  expect(parseResults(resultsCsv(rows))).toEqual({ rows, warnings: [] });
});

test('an empty cell is unknown, not zero', () => {
  const [only] = parseResults(resultsCsv([row({ throughput_ops_s: undefined })])).rows;
  expect(only?.throughput_ops_s).toBeUndefined();
});

test('a file with a header alone has no rows', () => {
  expect(parseResults(resultsCsv([])).rows).toEqual([]);
});

test.each([
  ['a word for a number', ',1000,1100,', ',fast,1100,', 'row 1 (line 2), column throughput_ops_s: must be a number'],
  ['a negative number', ',1000,1100,', ',-1000,1100,', 'row 1 (line 2), column throughput_ops_s: must be a number'],
  ['a number that is none', ',1000,1100,', ',NaN,1100,', 'row 1 (line 2), column throughput_ops_s: must be a number'],
  ['an infinite number', ',1000,1100,', ',1e999,1100,', 'row 1 (line 2), column throughput_ops_s: must be a number'],
  ['a verdict that is none', ',valid,', ',fine,', 'row 1 (line 2), column verdict: must be valid, invalid or unknown'],
  ['half a fault', ',qu,,1,', ',qu,,1.5,', 'row 1 (line 2), column f: must be a whole number'],
  ['no f', ',qu,,1,', ',qu,,,', 'row 1 (line 2), column f: must be a number'],
  ['no protocol', ',qu,,1,', ',,,1,', 'row 1 (line 2), column protocol: must not be empty'],
  ['a cell too many', ',valid,', ',valid,,', 'row 1 (line 2): 60 cells instead of 59: cells after the last column'],
  ['a cell too few', ',valid,', ',', 'row 1 (line 2): 58 cells instead of 59: column verdict_reason is missing'],
  ['an unknown column', 'throughput_ops_s', 'throughput', "row 0 (header): unknown column 'throughput'"],
  ['a column missing', 'variant,', '', "row 0 (header): column 4 must be 'variant', but is 'f'"],
  ['columns in another order', 'f,n,', 'n,f,', "row 0 (header): column 5 must be 'f', but is 'n'"],
])('%s is one line that names row and column', (_, from, to, message) => {
  const text = resultsCsv([row({ latency_p50_us: 999 })]);
  expect(text).toContain(from);
  let thrown: unknown;
  try {
    parseResults(text.replace(from, to));
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(ReportInputError);
  expect(String(thrown)).toContain(message);
  expect(String(thrown)).not.toContain('\n');
});

test('an empty file says so', () => {
  expect(() => parseResults('')).toThrow('results.csv is empty');
});

test('a row that a kill cut off is left out with a warning', () => {
  const text = resultsCsv([row(), row({ repeat: 2 })]);
  const { rows, warnings } = parseResults(text.slice(0, text.lastIndexOf('hmac')));
  expect(rows).toEqual([row()]);
  expect(warnings).toEqual([expect.stringContaining('cut off')]);
});

test('a row that is cut inside a quoted cell is left out too', () => {
  const text = resultsCsv([row(), row({ repeat: 2 })]);
  const { rows, warnings } = parseResults(text.slice(0, text.lastIndexOf('inlineRepair')));
  expect(rows).toEqual([row()]);
  expect(warnings).toHaveLength(1);
});

test('a directory without results is one line', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'qu-bench-'));
  await expect(readResults(directory)).rejects.toThrow(`no results.csv in ${directory}`);
  await rm(directory, { recursive: true });
});
