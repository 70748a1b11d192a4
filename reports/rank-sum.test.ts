import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lowerRank, shift } from './rank-sum.ts';

// Critical values of Mann & Whitney's U, two-sided 5 %, as printed in tables; the rank is one more.
test.each([
  [6, 6, 5],
  [6, 10, 11],
  [10, 6, 11],
  [7, 7, 8],
  [8, 8, 13],
  [10, 10, 23],
  [20, 20, 127],
])('%i and %i runs: critical U is %i', (left, right, critical) => {
  expect(lowerRank(left, right)).toBe(critical + 1);
});

test('six runs against six, by hand', () => {
  // Differences −15 … −5 with counts 1 2 3 4 5 6 5 4 3 2 1: the 6th smallest is −13, the 6th largest −7.
  expect(shift([1, 2, 3, 4, 5, 6], [11, 12, 13, 14, 15, 16])).toEqual({
    estimate: -10,
    interval: { low: -13, high: -7 },
  });
});

test('no interval if one side has fewer than six runs', () => {
  expect(shift([1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 6])?.interval).toBeUndefined();
});

test('nothing to compare', () => {
  expect(shift([], [1])).toBeUndefined();
  expect(shift([1], [])).toBeUndefined();
});

test('swapping the sides changes the sign, moving one side moves the shift', () => {
  const sample = fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 6, maxLength: 12 });
  fc.assert(
    fc.property(sample, sample, fc.integer({ min: -100, max: 100 }), (left, right, by) => {
      const there = shift(left, right);
      const back = shift(right, left);
      const moved = shift(
        left.map((value) => value + by),
        right,
      );
      expect(back?.estimate).toBeCloseTo(-(there?.estimate ?? Number.NaN), 9);
      expect(back?.interval?.low).toBeCloseTo(-(there?.interval?.high ?? Number.NaN), 9);
      expect(moved?.interval?.low).toBeCloseTo((there?.interval?.low ?? Number.NaN) + by, 9);
      expect(moved?.interval?.high).toBeCloseTo((there?.interval?.high ?? Number.NaN) + by, 9);
    }),
  );
});
