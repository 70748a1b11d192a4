import { expect, test } from 'vitest';
import { Collector } from './collector.ts';

test('a node pauses once for so much work, the first time at random, however it is cut into turns', () => {
  const collector = new Collector({ everyUs: 1_000, pauseUs: 70 }, () => 0.25);
  const pauses = [0, 249, 250, 251, 1_300, 2_249, 2_250, 5_300].map((workedUs) => collector.pausesUntil(workedUs));
  expect(pauses).toEqual([0, 0, 1, 0, 1, 0, 1, 3]);
});

test('without costs it draws nothing and never pauses', () => {
  const draws = () => {
    throw new Error('nothing is to be drawn');
  };
  expect(new Collector(undefined, draws).pausesUntil(Number.MAX_VALUE)).toBe(0);
});
