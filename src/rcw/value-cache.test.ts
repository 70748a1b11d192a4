import { expect, test } from 'vitest';
import { INITIAL_TIMESTAMP } from '../qu/timestamp.ts';
import { ValueCache } from './value-cache.ts';

const known = (bytes: number) => ({ timestamp: INITIAL_TIMESTAMP, value: new Uint8Array(bytes) });

function kept(cache: ValueCache): string {
  return ['a', 'b', 'c', 'd'].filter((object) => cache.get(object) !== undefined).join('');
}

test('keeps so many objects, and lets the one go that was seen longest ago', () => {
  const cache = new ValueCache(2);
  for (const object of ['a', 'b', 'a', 'c']) cache.set(object, known(1));
  expect(kept(cache)).toBe('ac');
});

test('keeps so many bytes, counting a value that took the place of another once', () => {
  const cache = new ValueCache(10, 10);
  for (const size of [9, 9, 4]) cache.set('a', known(size));
  cache.set('b', known(6));
  expect(kept(cache)).toBe('ab');
  cache.set('c', known(1));
  expect(kept(cache)).toBe('bc');
  cache.set('d', known(11));
  expect(kept(cache)).toBe('');
});
