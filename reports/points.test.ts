import { expect, test } from 'vitest';
import { columns } from '../harness/results/columns.ts';
import { parameters, pointsOf, summaryOf, valuesOf } from './points.ts';
import { repeats, row } from './testing/rows.ts';

test('the parameters are all columns before the measurements, but for run, repeat and seed', () => {
  const names: readonly string[] = columns.map(({ name }) => name);
  const before = names.slice(0, names.indexOf('window_us'));
  expect([...parameters]).toEqual(before.filter((name) => !['run_id', 'repeat', 'seed'].includes(name)));
});

test('repeats of one point come together whatever the order of the trials', () => {
  const rows = [...repeats([10, 20], { f: 2 }), ...repeats([30], { f: 1 })];
  const points = pointsOf([...rows].reverse());
  expect(points.map(({ parameters: { f }, validRows }) => [f, validRows.map((one) => one.throughput_ops_s)])).toEqual([
    [1, [30]],
    [2, [10, 20]],
  ]);
});

test.each(parameters)('rows that differ in %s are different points', (name) => {
  const changed = typeof row()[name] === 'string' ? { [name]: 'other' } : { [name]: 77 };
  expect(pointsOf([row(), row(changed)])).toHaveLength(2);
});

test('rows that are not valid enter no statistic but are counted, with their reasons', () => {
  const [point] = pointsOf([
    row({ repeat: 1, throughput_ops_s: 10 }),
    row({ repeat: 2, throughput_ops_s: 99_999, verdict: 'invalid', verdict_reason: 'lost 3 operations' }),
    row({ repeat: 3, throughput_ops_s: 99_999, verdict: 'unknown', verdict_reason: 'check ran out of time' }),
    row({ repeat: 4, throughput_ops_s: 99_999, verdict: 'invalid', verdict_reason: '' }),
  ]);
  expect(point).toMatchObject({
    invalid: 2,
    unknown: 1,
    reasons: ['check ran out of time', 'invalid, no reason given', 'lost 3 operations'],
  });
  expect(point && summaryOf(point, 'throughput_ops_s')).toMatchObject({ runs: 1, mean: 10, max: 10 });
});

test('a cell that is empty in one repeat is left out of that metric alone', () => {
  const [point] = pointsOf([row({ repeat: 1, cpu_us_per_op_busiest: undefined }), row({ repeat: 2 })]);
  expect(point && valuesOf(point, 'cpu_us_per_op_busiest')).toEqual([100]);
  expect(point && valuesOf(point, 'throughput_ops_s')).toEqual([1_000, 1_000]);
});

test('variants stand in the order of the numbers in their names', () => {
  const points = pointsOf(['batch=64', 'batch=8', 'batch=1'].map((variant) => row({ variant })));
  expect(points.map(({ parameters: { variant } }) => variant)).toEqual(['batch=1', 'batch=8', 'batch=64']);
});

test('a warning on a valid row is kept', () => {
  const [point] = pointsOf([row({ verdict_reason: 'client driver above 80 % of a core' })]);
  expect(point?.warnings).toEqual(['client driver above 80 % of a core']);
});
