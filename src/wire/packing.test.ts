import fc from 'fast-check';
import { unpack as referenceUnpack } from 'msgpackr/pack';
import { describe, expect, test } from 'vitest';
import { Limit } from './limits.ts';
import { decoding, type Field, type FieldReader, MalformedMessage, pack, unpack } from './packing.ts';
import { hostileMessages } from './testing/hostile-messages.ts';

const field = fc.oneof<fc.Arbitrary<Field>[]>(
  fc.integer({ min: 0, max: 300 }),
  fc.integer({ min: 0, max: 0xffff_ffff }),
  fc.maxSafeNat(),
  fc.boolean(),
  fc.string({ minLength: 1, unit: 'grapheme', maxLength: 200 }),
  fc.uint8Array({ maxLength: 300 }),
);

function read(reader: FieldReader, expected: Field): Field {
  if (typeof expected === 'number') return reader.integer(Number.MAX_SAFE_INTEGER);
  if (typeof expected === 'boolean') return reader.boolean();
  if (typeof expected === 'string') return reader.string(Limit.messageBytes);
  return Uint8Array.from(reader.bytes(0, Limit.messageBytes));
}

test('what was packed is read again, field by field', () => {
  fc.assert(
    fc.property(fc.array(field, { maxLength: 40 }), (fields) => {
      const reader = unpack(pack(fields));
      expect(fields.map((expected) => read(reader, expected))).toEqual(fields);
      expect(reader.remaining).toBe(0);
      reader.end();
    }),
  );
});

test('the bytes are plain MessagePack', () => {
  const fields = [1, 70_000, true, 'counter', Uint8Array.of(1, 2, 3)];
  expect(Buffer.from(pack(fields)).toString('hex')).toBe('9501ce00011170c3a7636f756e746572c403010203');
  expect(referenceUnpack(pack(fields))).toEqual([1, 70_000, true, 'counter', Uint8Array.of(1, 2, 3)]);
});

/** A field in any of its forms, the longer ones included that a value does not need. */
const encodedField = fc.oneof(
  fc.constantFrom([0x00], [0x7f], [0xc2], [0xc3], [0xcc, 5], [0xcc, 200], [0xcd, 0, 9], [0xcd, 255, 254]),
  fc.constantFrom([0xce, 0, 0, 0, 1], [0xce, 255, 0, 0, 7], [0xcb, 0x41, 0xf0, 0, 0, 0, 0, 0, 0], [0xa1, 0x61]),
  fc.constantFrom([0xd9, 2, 0x61, 0x62], [0xda, 0, 1, 0x61], [0xdb, 0, 0, 0, 1, 0x7a], [0xd9, 2, 0xc3, 0xa4]),
  fc.constantFrom([0xc4, 0], [0xc4, 2, 8, 9], [0xc5, 0, 1, 7], [0xc6, 0, 0, 0, 3, 1, 2, 3]),
);

test('reads what the general decoder reads', () => {
  const general = (bytes: Uint8Array): unknown => referenceUnpack(bytes);
  fc.assert(
    fc.property(fc.array(encodedField, { maxLength: 15 }), fc.constantFrom(0, 2, 4), (fields, lengthBytes) => {
      const head = lengthBytes === 0 ? [0x90 | fields.length] : lengthBytes === 2 ? [0xdc, 0] : [0xdd, 0, 0, 0];
      if (lengthBytes > 0) head.push(fields.length);
      const bytes = Uint8Array.from([...head, ...fields.flat()]);
      const expected = general(bytes);
      if (!Array.isArray(expected)) throw new Error('no array');
      const reader = unpack(bytes);
      expect(expected.map((value: Field) => read(reader, value))).toEqual(
        expected.map((value: Field) => (typeof value === 'object' ? Uint8Array.from(value) : value)),
      );
      reader.end();
    }),
    { numRuns: 1_000 },
  );
});

test('of a Buffer, too, byte strings are plain arrays, which copy what they slice', () => {
  const view = unpack(Buffer.from(pack([Uint8Array.of(1, 2, 3)]))).bytes(0, 3);
  expect(Buffer.isBuffer(view)).toBe(false);
  expect(view.slice().buffer.byteLength).toBe(3);
});

test('lengths of 8, 16 and 32 bits', () => {
  for (const length of [0, 255, 256, 65_535, 65_536, Limit.argumentBytes]) {
    const reader = unpack(pack([new Uint8Array(length), 'x'.repeat(Math.max(1, length))]));
    expect(reader.bytes(0, length).length).toBe(length);
    expect(reader.string(Math.max(1, length)).length).toBe(Math.max(1, length));
  }
  expect(unpack(pack(new Array<Field>(70_000).fill(7))).remaining).toBe(70_000);
});

test('byte strings are views of the input', () => {
  const message = Uint8Array.from(pack([Uint8Array.of(1, 2, 3)]));
  const view = unpack(message).bytes(0, 3);
  expect(view.buffer).toBe(message.buffer);
});

describe('a field reader refuses', () => {
  const reader = (...fields: Field[]) => unpack(pack(fields));
  test.each<[string, () => unknown]>([
    ['an integer over its bound', () => reader(8).integer(7)],
    ['a fraction', () => unpack(Buffer.from('91cb3ff8000000000000', 'hex')).integer(7)],
    ['not a number', () => unpack(Buffer.from('91cb7ff8000000000000', 'hex')).integer(7)],
    ['infinity', () => unpack(Buffer.from('91cb7ff0000000000000', 'hex')).integer(Number.MAX_SAFE_INTEGER)],
    [
      'an integer past 2^53 − 1',
      () => unpack(Buffer.from('91cb4340000000000000', 'hex')).integer(Number.MAX_SAFE_INTEGER),
    ],
    ['a string for an integer', () => reader('1').integer(7)],
    ['a boolean for an integer', () => reader(true).integer(7)],
    ['an integer for a boolean', () => reader(1).boolean()],
    ['bytes for a string', () => reader(Uint8Array.of(65)).string(7)],
    ['an empty string', () => reader('').string(7)],
    ['a string over its bound', () => reader('12345678').string(7)],
    ['a string for bytes', () => reader('1').bytes(0, 7)],
    ['too few bytes', () => reader(Uint8Array.of(1)).bytes(2, 7)],
    ['too many bytes', () => reader(new Uint8Array(8)).bytes(2, 7)],
    ['text that is no UTF-8', () => unpack(Uint8Array.of(0x91, 0xa2, 0xc3, 0x41)).string(7)],
    ['a missing field', () => reader().integer(7)],
    ['a missing boolean', () => reader().boolean()],
    ['a missing string', () => reader().string(7)],
    ['missing bytes', () => reader().bytes(0, 7)],
    ['a field too many', () => reader(1).end()],
  ])('%s', (_what, take) => expect(take).toThrow(MalformedMessage));
});

test('minus zero is read as zero', () => {
  expect(Object.is(unpack(Buffer.from('91cb8000000000000000', 'hex')).integer(7), 0)).toBe(true);
});

describe('hostile bytes', () => {
  test.each(hostileMessages)('$what: refused at once', ({ bytes }) => {
    const before = process.memoryUsage();
    const startedMs = performance.now();
    for (let round = 0; round < 20; round++) expect(decoding(bytes, () => 'accepted')).toBeUndefined();
    const after = process.memoryUsage();
    expect(performance.now() - startedMs).toBeLessThan(1_000);
    expect(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers).toBeLessThan(32 * 1024 * 1024);
  });

  test('the general decoder would have built what no message has', () => {
    const built = hostileMessages.filter(({ bytes, costly }) => {
      if (costly) return false;
      try {
        return referenceUnpack(bytes) !== undefined;
      } catch {
        return false;
      }
    });
    const names = built.map(({ what }) => what);
    for (const what of ['a record definition', 'a regular expression', 'a set', 'an error', 'a big integer']) {
      expect(names).toContain(what);
    }
  });

  test('nothing that one message said is remembered for the next', () => {
    for (const { bytes } of hostileMessages) decoding(bytes, () => 'accepted');
    // 0x40 names the first record structure where one has been learnt, and is the integer 64 otherwise.
    expect(unpack(Buffer.from('9140', 'hex')).integer(64)).toBe(64);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test('any bytes: a message or undefined, never an exception', () => {
    const walk = (fields: FieldReader) => {
      while (fields.remaining > 0) fields.integer(255);
      return 'message';
    };
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(['message', undefined]).toContain(decoding(bytes, walk));
      }),
      { numRuns: 2_000 },
    );
  });

  test('a valid message that was changed, cut or prolonged never throws, and is not accepted longer or shorter', () => {
    fc.assert(
      fc.property(
        fc.array(field, { minLength: 1, maxLength: 8 }),
        fc.nat(),
        fc.integer({ min: 0, max: 255 }),
        fc.uint8Array({ minLength: 1, maxLength: 8 }),
        (fields, position, value, tail) => {
          const valid = Uint8Array.from(pack(fields));
          const changed = valid.slice();
          changed[position % changed.length] = value;
          decoding(changed, (reader) => reader.remaining);
          expect(decoding(valid.subarray(0, position % valid.length), () => 'accepted')).toBeUndefined();
          expect(decoding(Uint8Array.from([...valid, ...tail]), () => 'accepted')).toBeUndefined();
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

test("a decoder's own defect is not taken for a malformed message", () => {
  expect(() =>
    decoding(pack([1]), () => {
      throw new TypeError('defect');
    }),
  ).toThrow(TypeError);
});
