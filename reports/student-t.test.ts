import fc from 'fast-check';
import { expect, test } from 'vitest';
import { studentTQuantile, studentTWithin } from './student-t.ts';

test.each([
  [1, 12.7062],
  [2, 4.3027],
  [3, 3.1824],
  [5, 2.5706],
  [6, 2.4469],
  [9, 2.2622],
  [10, 2.2281],
  [30, 2.0423],
  [120, 1.9799],
])('t(0.975, %i) is the tabulated %f', (degrees, tabulated) => {
  expect(studentTQuantile(0.975, degrees)).toBeCloseTo(tabulated, 4);
});

test('one degree of freedom is the Cauchy distribution', () => {
  expect(studentTWithin(1, 1)).toBeCloseTo(0.5, 12);
});

test('the quantile inverts the distribution', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.51, max: 0.995, noNaN: true }), fc.integer({ min: 1, max: 60 }), (p, degrees) => {
      expect(studentTWithin(studentTQuantile(p, degrees), degrees)).toBeCloseTo(2 * p - 1, 9);
    }),
  );
});

test.each([0, -1, 1.5])('%d degrees of freedom are refused', (degrees) => {
  expect(() => studentTWithin(1, degrees)).toThrow(RangeError);
});

test.each([0.4, 1])('the share %d is refused', (p) => {
  expect(() => studentTQuantile(p, 5)).toThrow(RangeError);
});
