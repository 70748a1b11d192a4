import { expect, test } from 'vitest';
import { messageKind, NO_KIND } from './message-kind.ts';
import { pack } from './packing.ts';

test.each([1, 15, 16, 70_000])('the first of %i fields', (fields) => {
  expect(messageKind(pack([7, ...new Array<number>(fields - 1).fill(1)]))).toBe(7);
});

test('what begins with no small number has no kind', () => {
  expect(messageKind(pack(['text']))).toBe(NO_KIND);
  expect(messageKind(new Uint8Array(0))).toBe(NO_KIND);
});
