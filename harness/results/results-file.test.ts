import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { columns, type ResultRow } from './columns.ts';
import { ResultsFile } from './results-file.ts';
import { rowWith } from './testing/rows.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qu-bench-results-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function written(...rows: readonly ResultRow[]): readonly (readonly string[])[] {
  const path = join(folder, 'results.csv');
  const file = new ResultsFile(path);
  for (const row of rows) file.append(row);
  const content: readonly (readonly string[])[] = parse(readFileSync(path, 'utf8'));
  file.close();
  return content;
}

const names: readonly string[] = columns.map(({ name }) => name);

test('the header is there before any row, and names the documented columns', () => {
  expect(written()).toEqual([names]);
});

test('column names carry their unit and stand once', () => {
  expect(new Set(names).size).toBe(names.length);
  expect(names.every((name) => /^[a-z][a-z0-9_]*$/.test(name))).toBe(true);
  expect(columns.every(({ description }) => description.length > 0)).toBe(true);
});

test('rows can be read as soon as they were appended', () => {
  const file = new ResultsFile(join(folder, 'r.csv'));
  for (let repeat = 1; repeat <= 3; repeat++) {
    file.append(rowWith({ repeat }));
    expect(readFileSync(join(folder, 'r.csv'), 'utf8').trimEnd().split('\n')).toHaveLength(1 + repeat);
  }
  file.close();
});

test('what is not known is empty, not zero, and texts survive', () => {
  const reason = 'a "quoted", long\nreason';
  const [, cells] = written(
    rowWith({ operations: 0, latency_p50_us: undefined, verdict_reason: reason, window_us: 1 / 3 }),
  );
  const cell = (name: string) => cells?.[names.indexOf(name)];
  expect([cell('operations'), cell('latency_p50_us'), cell('verdict_reason'), cell('window_us')]).toEqual([
    '0',
    '',
    reason,
    '0.333333333',
  ]);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])('%d is refused', (number) => {
  expect(() => written(rowWith({ operations: number }))).toThrow('cannot stand in results.csv');
});

test('a file that exists is not written over', () => {
  written();
  expect(() => written()).toThrow(/EEXIST/);
});
