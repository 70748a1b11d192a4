import fc from 'fast-check';
import { pack as reference } from 'msgpackr/pack';
import { describe, expect, test } from 'vitest';
import { encodeFlatArray, type Field } from './flat-encoder.ts';

const field = fc.oneof<fc.Arbitrary<Field>[]>(
  fc.nat({ max: 300 }),
  fc.integer({ min: 0, max: 0xffff_ffff }),
  fc.maxSafeNat(),
  fc.boolean(),
  fc.string({ maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.uint8Array({ maxLength: 300 }),
);

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

test('writes what the general encoder writes', () => {
  fc.assert(
    fc.property(fc.array(field, { maxLength: 40 }), (fields) => {
      expect(hex(encodeFlatArray(fields))).toBe(hex(reference(fields)));
    }),
    { numRuns: 2_000 },
  );
});

describe('at the bounds of each form', () => {
  test.each([0, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x1_0000, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1])(
    'integer %i',
    (value) => {
      expect(hex(encodeFlatArray([value]))).toBe(hex(reference([value])));
    },
  );

  test.each([0, 1, 31, 32, 255, 256, 65_535, 65_536, 1_048_576])('strings and byte strings of %i', (length) => {
    for (const fields of [['a'.repeat(length)], ['ä'.repeat(length)], [new Uint8Array(length).fill(7)]]) {
      expect(Buffer.compare(encodeFlatArray(fields), reference(fields))).toBe(0);
    }
  });

  test.each([0, 15, 16, 65_535, 65_536])('%i fields', (length) => {
    const fields = new Array<Field>(length).fill(5);
    expect(Buffer.compare(encodeFlatArray(fields), reference(fields))).toBe(0);
  });
});

test.each([-1, 1.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d, and goes on', (value) => {
  const before = encodeFlatArray([1, 'a']);
  expect(() => encodeFlatArray([7, value])).toThrow(RangeError);
  expect(() => encodeFlatArray([new Uint8Array(10_000), value])).toThrow(RangeError);
  expect(hex(encodeFlatArray([2]))).toBe('9102');
  expect(hex(before)).toBe('9201a161');
});

test('minus zero is zero', () => expect(hex(encodeFlatArray([-0]))).toBe('9100'));

test('a message stays as it is while others are written', () => {
  fc.assert(
    fc.property(fc.array(fc.array(field, { maxLength: 10 }), { maxLength: 60 }), (messages) => {
      const written = messages.map((fields) => encodeFlatArray(fields));
      expect(written.map(hex)).toEqual(messages.map((fields) => hex(reference(fields))));
    }),
    { numRuns: 100 },
  );
});

test('a large message does not hang on a chunk, nor a chunk on it', () => {
  const large = encodeFlatArray([new Uint8Array(100_000)]);
  expect(large.buffer.byteLength).toBeLessThan(100_100);
  expect(encodeFlatArray([1]).buffer.byteLength).toBeLessThan(100_000);
});
