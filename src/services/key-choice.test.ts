import { expect, test } from 'vitest';
import { type KeyChoice, uniformKeys, zipfianKeys } from './key-choice.ts';

/** How often each key comes at evenly spread random numbers, which takes all chance out of it. */
function sharesOf(choice: KeyChoice, keys: number): readonly number[] {
  const draws = 100_000;
  const counts = new Array<number>(keys).fill(0);
  for (let draw = 0; draw < draws; draw++) {
    const key = choice(() => (draw + 0.5) / draws);
    counts[key] = (counts[key] ?? Number.NaN) + 1;
  }
  return counts.map((count) => count / draws);
}

test('uniform: every key alike', () => {
  for (const share of sharesOf(uniformKeys(8), 8)) expect(share).toBeCloseTo(1 / 8, 3);
});

test.each([0, 0.5, 0.99, 1, 2])('Zipfian of exponent %d: the shares that it is defined by', (exponent) => {
  const weights = Array.from({ length: 20 }, (_, key) => (key + 1) ** -exponent);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  for (const [key, share] of sharesOf(zipfianKeys(20, exponent), 20).entries()) {
    expect(share).toBeCloseTo((weights[key] ?? 0) / sum, 4);
  }
});

test.each([uniformKeys(1), uniformKeys(7), zipfianKeys(1, 0.99), zipfianKeys(7, 0.99)])(
  'the ends of the random range are keys, too',
  (choice) => {
    for (const random of [0, 1 - 2 ** -53]) expect([0, 6]).toContain(choice(() => random));
  },
);
