import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readUint32, readUint53, writeUint32, writeUint53 } from './integers.ts';

test('32-bit integers are big-endian and come back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), fc.integer({ min: 0, max: 4 }), (value, offset) => {
      const bytes = new Uint8Array(8).fill(0xee);
      writeUint32(bytes, offset, value);
      expect(new DataView(bytes.buffer).getUint32(offset)).toBe(value);
      expect(readUint32(bytes, offset)).toBe(value);
      expect(bytes.filter((byte, index) => (index < offset || index >= offset + 4) && byte !== 0xee)).toEqual(
        new Uint8Array(0),
      );
    }),
  );
});

test('integers up to 2^53 − 1 take eight bytes, whose order as bytes is their order as numbers', () => {
  const encode = (value: number) => {
    const bytes = new Uint8Array(8);
    writeUint53(bytes, 0, value);
    return bytes;
  };
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.maxSafeNat(), (a, b) => {
      expect(readUint53(encode(a), 0)).toBe(a);
      expect(new DataView(encode(a).buffer).getBigUint64(0)).toBe(BigInt(a));
      expect(Math.sign(Buffer.compare(encode(a), encode(b)))).toBe(Math.sign(a - b));
    }),
  );
  expect(readUint53(encode(Number.MAX_SAFE_INTEGER), 0)).toBe(Number.MAX_SAFE_INTEGER);
});
