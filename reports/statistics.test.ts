import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ascending, meanInterval, medianInterval, quantile, summarise } from './statistics.ts';

const values = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 });

test('six runs, by hand', () => {
  // s² = (25 + 9 + 1 + 1 + 9 + 25) / 5 = 14; half width = 2.570582 · √(14 / 6) = 3.926628
  const summary = summarise([20, 10, 18, 12, 16, 14]);
  expect(summary).toMatchObject({ runs: 6, mean: 15, median: 15, min: 10, max: 20 });
  expect(summary?.meanInterval?.low).toBeCloseTo(11.073372, 5);
  expect(summary?.meanInterval?.high).toBeCloseTo(18.926628, 5);
  expect(summary?.medianInterval).toEqual({ low: 10, high: 20 });
});

test('no interval below six runs', () => {
  expect(summarise([1, 2, 3, 4, 5])).toEqual({
    runs: 5,
    mean: 3,
    meanInterval: undefined,
    median: 3,
    medianInterval: undefined,
    min: 1,
    max: 5,
  });
});

test('nothing is no zero', () => {
  expect(summarise([])).toBeUndefined();
});

// Ranks from tables of the sign test at 5 %, two-sided.
test.each([
  [6, 1, 6],
  [8, 1, 8],
  [9, 2, 8],
  [12, 3, 10],
  [15, 4, 12],
  [20, 6, 15],
  [30, 10, 21],
])('the median of %i runs lies between the %i. and the %i.', (runs, low, high) => {
  const ranks = Array.from({ length: runs }, (_, index) => index + 1);
  expect(medianInterval(ranks)).toEqual({ low, high });
});

describe('properties', () => {
  test('quantiles rise with p, from minimum to maximum', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(values, share, share, (sample, one, other) => {
        const sorted = ascending(sample);
        const tolerance = 1e-9 * (1 + Math.max(...sample));
        expect(quantile(sorted, Math.min(one, other))).toBeLessThanOrEqual(
          quantile(sorted, Math.max(one, other)) + tolerance,
        );
        expect(quantile(sorted, 0)).toBe(Math.min(...sample));
        expect(quantile(sorted, 1)).toBe(Math.max(...sample));
      }),
    );
  });

  test('intervals hold what they are of, and the order of the runs does not matter', () => {
    fc.assert(
      fc.property(values, (sample) => {
        const summary = summarise(sample);
        expect(summarise([...sample].reverse())).toEqual(summary);
        if (summary === undefined) return;
        const { median, medianInterval: ofMedian, meanInterval: ofMean, mean } = summary;
        expect(ofMedian === undefined).toBe(sample.length < 6);
        expect(ofMean === undefined).toBe(sample.length < 6);
        if (ofMedian === undefined || ofMean === undefined) return;
        expect(ofMedian.low).toBeLessThanOrEqual(median);
        expect(ofMedian.high).toBeGreaterThanOrEqual(median);
        expect(ofMean.low).toBeLessThanOrEqual(mean);
        expect(ofMean.high).toBeGreaterThanOrEqual(mean);
      }),
    );
  });

  test('equal runs have an interval of no width', () => {
    expect(meanInterval([7, 7, 7, 7, 7, 7])).toEqual({ low: 7, high: 7 });
  });
});
