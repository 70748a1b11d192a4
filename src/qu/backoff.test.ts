import { describe, expect, test } from 'vitest';
import { backoffBound } from './backoff.ts';
import { quOptions } from './options.ts';

const options = quOptions.parse({
  leastBackoffUs: 100,
  mostBackoffUs: 10_000,
  mostBackoffRounds: 4,
  fixedBackoffUs: 700,
});

describe('the bound of the random back-off', () => {
  test('exponential: doubles with each failure', () => {
    const bounds = [1, 2, 3, 4].map((failures) => backoffBound(options, failures, 1_000_000));
    expect(bounds).toEqual([100, 200, 400, 800]);
  });

  test('exponential: does not pass so many rounds, nor the longest time, however many failures there were', () => {
    expect(backoffBound(options, 1_000, 500)).toBe(2_000);
    expect(backoffBound(options, 1_000, 1_000_000)).toBe(10_000);
    // Before the first round its length is not known.
    expect(backoffBound(options, 1_000, 0)).toBe(100);
  });

  test('fixed: always the same', () => {
    const fixed = { ...options, backoff: 'fixed' } as const;
    expect([1, 10, 1_000].map((failures) => backoffBound(fixed, failures, 500))).toEqual([700, 700, 700]);
  });

  test('none: no wait', () => {
    expect(backoffBound({ ...options, backoff: 'none' }, 9, 500)).toBe(0);
  });
});
