import { expect, test } from 'vitest';
import type { ResultRow } from '../harness/results/columns.ts';
import { csvText } from './csv.ts';
import { metrics, parameters, pointsOf } from './points.ts';
import { summaryColumns } from './summary.ts';
import { repeats, row } from './testing/rows.ts';

function summaryOf(rows: readonly ResultRow[]): readonly ReadonlyMap<string, string>[] {
  const [header = '', ...lines] = csvText(summaryColumns, pointsOf(rows)).trimEnd().split('\n');
  const names = header.split(',');
  return lines.map((line) => new Map(cells(line).map((cell, index) => [names[index] ?? '', cell])));
}

/** Cells of a line, whose quoted cells hold commas. */
function cells(line: string): readonly string[] {
  return [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)]
    .map(([, cell = '']) => cell)
    .slice(0, summaryColumns.length);
}

test('the columns are unique, named in lower case, and described', () => {
  const names = summaryColumns.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { name, description } of summaryColumns) {
    expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(description.length).toBeGreaterThan(5);
  }
});

test('the columns begin with the parameters; every metric has all its statistics', () => {
  const names = summaryColumns.map(({ name }) => name);
  expect(names.slice(0, parameters.length)).toEqual([...parameters]);
  for (const metric of metrics) {
    expect(names).toEqual(
      expect.arrayContaining(
        [
          'runs',
          'mean',
          'mean_ci95_low',
          'mean_ci95_high',
          'median',
          'median_ci95_low',
          'median_ci95_high',
          'min',
          'max',
        ].map((statistic) => `${metric}_${statistic}`),
      ),
    );
  }
});

test('a point of six runs has both intervals, one of five has empty cells', () => {
  const [five, six] = summaryOf([
    ...repeats([10, 12, 14, 16, 18], { f: 1 }),
    ...repeats([10, 12, 14, 16, 18, 20], { f: 2 }),
  ]);
  expect(five?.get('throughput_ops_s_mean')).toBe('14');
  expect(five?.get('throughput_ops_s_mean_ci95_low')).toBe('');
  expect(five?.get('throughput_ops_s_median_ci95_high')).toBe('');
  expect(Number(six?.get('throughput_ops_s_mean_ci95_low'))).toBeCloseTo(11.073372, 5);
  expect(six?.get('throughput_ops_s_median_ci95_low')).toBe('10');
  expect(six?.get('throughput_ops_s_median')).toBe('15');
});

test('rows that are not valid are counted and leave no zero behind', () => {
  const [only] = summaryOf([
    row({ verdict: 'invalid', verdict_reason: 'no quorum' }),
    row({ repeat: 2, verdict: 'unknown' }),
  ]);
  expect(only?.get('valid_runs')).toBe('0');
  expect(only?.get('invalid_runs')).toBe('1');
  expect(only?.get('unknown_runs')).toBe('1');
  for (const metric of metrics) expect(only?.get(`${metric}_mean`)).toBe('');
  expect(only?.get('reasons')).toContain('no quorum');
});
