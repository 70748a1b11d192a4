import { expect, test } from 'vitest';
import { chunkedCopyOf, chunkedZeros } from './chunked-bytes.ts';

test('arrays are zeros, of the length asked for, and none shares a byte with another', () => {
  const arrays = Array.from({ length: 3_000 }, (_, index) => chunkedZeros((index * 37) % 2_000));
  for (const [index, array] of arrays.entries()) {
    expect(array.length).toBe((index * 37) % 2_000);
    expect(array.every((byte) => byte === 0)).toBe(true);
    array.fill(index);
  }
  for (const [index, array] of arrays.entries()) expect(array.every((byte) => byte === (index & 0xff))).toBe(true);
});

test('a copy has the same bytes, and does not change with the original', () => {
  const original = Uint8Array.of(1, 2, 3);
  const copy = chunkedCopyOf(original);
  original.fill(9);
  expect(copy).toEqual(Uint8Array.of(1, 2, 3));
});

test('what is kept keeps little more than itself alive', () => {
  expect(chunkedZeros(8).buffer.byteLength).toBeLessThanOrEqual(4096);
  expect(chunkedZeros(5_000).buffer.byteLength).toBe(5_000);
});
