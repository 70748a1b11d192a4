import { expect, test } from 'vitest';
import { Collector } from './collector.ts';

test('a node pauses once for so much work, the first time at random', () => {
  const collector = new Collector({ everyUs: 1_000, pauseUs: 70 }, () => 0.25);
  const pauses = [0, 249, 250, 251, 1_249, 1_250, 1_251, 5_000].map((workedUs) => collector.pauseAtUs(workedUs));
  expect(pauses).toEqual([0, 0, 70, 0, 0, 70, 0, 70]);
});

test('without costs it draws nothing and never pauses', () => {
  const draws = () => {
    throw new Error('nothing is to be drawn');
  };
  expect(new Collector(undefined, draws).pauseAtUs(Number.MAX_VALUE)).toBe(0);
});
