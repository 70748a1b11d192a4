import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { textIn } from './text.ts';

function read(bytes: Uint8Array): string | undefined {
  const padded = Uint8Array.from([0x41, ...bytes, 0x42]);
  return textIn(padded, 1, 1 + bytes.length);
}

test('text is read as it was written, the first time and the next, whatever was read in between', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 70 }),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.nat({ max: 9_999 }).map((number) => `counter-${number}`),
  );
  fc.assert(
    fc.property(fc.array(text, { maxLength: 30 }), (texts) => {
      for (const expected of [...texts, ...texts.toReversed()]) {
        expect(read(new TextEncoder().encode(expected))).toBe(expected);
      }
    }),
    { numRuns: 500 },
  );
});

test('a byte order mark is a character like others', () => {
  expect(read(Uint8Array.of(0xef, 0xbb, 0xbf, 0x41))).toBe('\ufeffA');
});

describe('refuses', () => {
  test.each([
    ['a continuation byte alone', [0x80]],
    ['a sequence that ends early', [0x41, 0xc3]],
    ['an overlong form', [0xc0, 0x80]],
    ['half a surrogate pair', [0xed, 0xa0, 0x80]],
    ['a byte that UTF-8 never uses', [0xff]],
  ])('%s', (_what, bytes) => expect(read(Uint8Array.from(bytes))).toBeUndefined());
});
