import { expect, test } from 'vitest';
import { randomStream } from '../../node/random.ts';
import type { Jitter } from '../../topologies/topology.ts';
import { around, jitterOf } from './jitter.ts';

function draws(jitter: Jitter | undefined): number[] {
  const random = randomStream(7, 0);
  const draw = jitterOf(jitter);
  return Array.from({ length: 50_000 }, () => draw(random));
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

test.each<[string, Jitter | undefined, number, number]>([
  ['none', undefined, 0, 0],
  ['uniform', { distribution: 'uniform', mostUs: 100 }, 50, 100],
  ['exponential', { distribution: 'exponential', meanUs: 100 }, 100, Number.POSITIVE_INFINITY],
  // The mean of a normal distribution of which only the upper half counts: σ / √(2π).
  ['normal', { distribution: 'normal', deviationUs: 100 }, 100 / Math.sqrt(2 * Math.PI), Number.POSITIVE_INFINITY],
])('%s has its mean, its bound, and is never negative', (_, jitter, expected, most) => {
  const values = draws(jitter);
  expect(Math.abs(mean(values) - expected)).toBeLessThanOrEqual(2);
  expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...values)).toBeLessThanOrEqual(most);
});

test.each([0, 0.1, 0.5])('draws around a mean have it, and a relative deviation of %s', (deviation) => {
  const random = randomStream(7, 1);
  const draw = around(40, deviation);
  const values = Array.from({ length: 50_000 }, () => draw(random));
  expect(mean(values)).toBeCloseTo(40, 0);
  expect(Math.sqrt(mean(values.map((value) => (value - 40) ** 2))) / 40).toBeCloseTo(deviation, 2);
  expect(Math.min(...values)).toBeGreaterThan(0);
});
