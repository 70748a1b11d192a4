import { blake2b as nobleBlake2b } from '@noble/hashes/blake2.js';
import { describe, expect, test } from 'vitest';
import { blake2b, type Library, loadedSodium, Sodium, siphash24 } from './libsodium.ts';
import { ascii, counting, hex } from './testing/bytes.ts';

describe.skipIf('missing' in loadedSodium)('libsodium (skipped where WebAssembly can not run)', () => {
  if ('missing' in loadedSodium) return;
  const library = loadedSodium.sodium;

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

/** Gives no memory out twice, and takes no pointer but to memory that it has given out, with all that is read or written there. */
class CheckedLibrary implements Library {
  HEAPU8 = new Uint8Array(16 * 1024);
  mostBytes = Number.POSITIVE_INFINITY;
  readonly #live = new Map<number, number>();
  #next = 64;

  readonly _malloc = (bytes: number): number => {
    if (bytes > this.mostBytes) return 0;
    const pointer = this.#next;
    this.#next += bytes + 64;
    this.#live.set(pointer, bytes);
    if (this.#next > this.HEAPU8.length) this.HEAPU8 = grown(this.HEAPU8, 2 * this.#next);
    return pointer;
  };

  /** Those for output, key and input. */
  get blocks(): number {
    return this.#live.size;
  }

  readonly _free = (pointer: number): void => {
    if (!this.#live.delete(pointer)) throw new Error(`${pointer} was freed and is not allocated`);
  };

  readonly _crypto_generichash = (...given: readonly number[]): number => {
    const [output = 0, outputLength = 0, input = 0, low = 0, high = 0, key = 0, keyLength = 0] = given;
    expect(high).toBe(0);
    const result = nobleBlake2b(this.#at(input, low), {
      dkLen: outputLength,
      ...(keyLength === 0 ? {} : { key: this.#at(key, keyLength) }),
    });
    this.#at(output, outputLength).set(result);
    return 0;
  };

  readonly _crypto_shorthash = (...given: readonly number[]): number => {
    const [output = 0, input = 0, low = 0, high = 0, key = 0] = given;
    expect(high).toBe(0);
    // No SipHash: its memory is what is looked at.
    this.#at(output, 8).set(nobleBlake2b(this.#at(input, low), { dkLen: 8, key: this.#at(key, 16) }));
    return 0;
  };

  #at(pointer: number, bytes: number): Uint8Array {
    const blocks = [...this.#live].filter(([start, length]) => start <= pointer && pointer + bytes <= start + length);
    if (blocks.length !== 1) throw new Error(`${bytes} bytes at ${pointer} are not within one allocated block`);
    return this.HEAPU8.subarray(pointer, pointer + bytes);
  }
}

/** Heaps are moved when they grow; the old one is gone. */
function grown(heap: Uint8Array<ArrayBuffer>, bytes: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(bytes);
  larger.set(heap);
  heap.fill(0xee);
  return larger;
}

describe('memory of the C functions', () => {
  const LENGTHS = [0, 32, 4095, 4096, 4097, 8192, 40, 20_000, 30_000, 4096, 70_000, 0];

  test('is read and written within what was allocated, whatever the inputs', () => {
    const memory = new CheckedLibrary();
    const checked = new Sodium(memory);
    const suites = [blake2b(checked), siphash24(checked)];
    for (const length of LENGTHS) {
      for (const suite of suites) {
        const [input, key] = [counting(length), counting(suite.keyBytes)];
        const tags = new Uint8Array(suite.tagBytes);
        suite.keyed(key).generate(input, tags, 0);
        expect(hex(tags)).toBe(hex(nobleBlake2b(input, { key, dkLen: suite.tagBytes })));
        expect(hex(suite.digest(input))).toBe(hex(nobleBlake2b(input, { dkLen: 32 })));
      }
      expect(memory.blocks).toBe(3);
    }
  });

  test('holds what it held if there is no room for more', () => {
    const memory = new CheckedLibrary();
    const suite = blake2b(new Sodium(memory));
    memory.mostBytes = 10_000;
    for (const length of [20_000, 30_000]) {
      expect(() => suite.digest(counting(length))).toThrow(`no room for ${length} bytes`);
      expect(hex(suite.digest(counting(4096)))).toBe(hex(nobleBlake2b(counting(4096), { dkLen: 32 })));
    }
  });
});
