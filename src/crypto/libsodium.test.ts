import { blake2b as nobleBlake2b } from '@noble/hashes/blake2.js';
import { describe, expect, test } from 'vitest';
import { blake2b, siphash24, sodium } from './libsodium.ts';
import { ascii, counting, hex } from './testing/bytes.ts';

describe.skipIf(sodium === null)('libsodium (skipped where WebAssembly can not run)', () => {
  if (sodium === null) return;
  const library = sodium;

  test('RFC 7693, appendix A: BLAKE2b-512 of "abc"', () => {
    library.blake2b(ascii('abc'), 64);
    expect(hex(library.output)).toBe(
      'ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923',
    );
  });

  test('BLAKE2b-256 of "abc"', () => {
    expect(hex(blake2b(library).digest(ascii('abc')))).toBe(
      'bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319',
    );
  });

  test.each([0, 1, 63, 64, 65, 127, 128, 129, 511, 512, 513, 1000, 4096, 4097])(
    'keyed BLAKE2b of %i bytes is what another implementation computes',
    (length) => {
      const suite = blake2b(library);
      const key = counting(suite.keyBytes);
      const tags = new Uint8Array(suite.tagBytes);
      suite.keyed(key).generate(counting(length), tags, 0);
      expect(hex(tags)).toBe(hex(nobleBlake2b(counting(length), { key, dkLen: 32 })));
      expect(hex(suite.digest(counting(length)))).toBe(hex(nobleBlake2b(counting(length), { dkLen: 32 })));
    },
  );

  test('an input is read where it begins, not where its buffer does', () => {
    for (const length of [40, 700]) {
      const within = counting(length + 9).subarray(7, length + 7);
      expect(hex(blake2b(library).digest(within))).toBe(hex(nobleBlake2b(within, { dkLen: 32 })));
    }
  });

  test('after an input for which the heap must grow, tags and digests are right', () => {
    const key = counting(32);
    const mac = blake2b(library).keyed(key);
    const tags = new Uint8Array(32);
    for (const length of [40, 5_000_000, 40]) {
      const input = counting(length);
      mac.generate(input, tags, 0);
      expect(hex(tags)).toBe(hex(nobleBlake2b(input, { key, dkLen: 32 })));
      expect(hex(blake2b(library).digest(input))).toBe(hex(nobleBlake2b(input, { dkLen: 32 })));
    }
  });

  test.each([blake2b(library), siphash24(library)])('$name refuses a key of another length', (suite) => {
    for (const keyBytes of [0, suite.keyBytes - 1, suite.keyBytes + 1]) {
      expect(() => suite.keyed(counting(keyBytes))).toThrow(RangeError);
    }
  });

  // Key 00 … 0f, messages 00 … of ascending length: the reference implementation's vectors; that of 15 bytes stands in the paper.
  test.each([
    [0, '310e0edd47db6f72'],
    [1, 'fd67dc93c539f874'],
    [15, 'e545be4961ca29a1'],
  ])('SipHash-2-4 of %i bytes', (length, tag) => {
    const tags = new Uint8Array(8);
    siphash24(library).keyed(counting(16)).generate(counting(length), tags, 0);
    expect(hex(tags)).toBe(tag);
  });
});
