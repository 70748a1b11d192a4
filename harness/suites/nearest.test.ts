import { expect, test } from 'vitest';
import { nearest, suggestion } from './nearest.ts';

const keys = ['protocols', 'faults', 'warmupSeconds', 'mac'];

test.each([
  ['protocol', 'protocols'],
  ['faluts', 'faults'],
  ['FAULTS', 'faults'],
  ['warmup', 'warmupSeconds'],
  ['amc', 'mac'],
  ['zebra', undefined],
])('what is nearest to %s', (word, expected) => {
  expect(nearest(word, keys)).toBe(expected);
});

test('a suggestion is a half sentence, or nothing', () => {
  expect(suggestion('faluts', keys)).toBe(" (did you mean 'faults'?)");
  expect(suggestion('zebra', keys)).toBe('');
});
