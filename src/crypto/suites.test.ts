import { describe, expect, test } from 'vitest';
import { modelledAs } from './modelled.ts';
import { availableSuites, DEFAULT_SUITE, macSuite, suiteNames } from './suites.ts';
import { counting } from './testing/bytes.ts';

const LENGTHS = [0, 1, 32, 47, 63, 64, 65, 96, 127, 128, 129, 300, 4096];

const suites = availableSuites().flatMap((suite) => [
  { title: suite.name, suite },
  { title: `a model of ${suite.name}`, suite: modelledAs(suite) },
]);

describe.each(suites)('suite $title', ({ suite }) => {
  const key = counting(suite.keyBytes);
  const mac = suite.keyed(key);

  test('digests have 32 bytes, their own array, and depend on the message alone', () => {
    const digests = LENGTHS.map((length) => suite.digest(counting(length)));
    for (const digest of digests) expect(digest.length).toBe(32);
    expect(LENGTHS.map((length) => suite.digest(counting(length)))).toEqual(digests);
    expect(new Set(digests.map(String)).size).toBe(LENGTHS.length);
  });

  test.each(LENGTHS)('a tag over %i bytes verifies at any offset and touches nothing beside it', (length) => {
    const message = counting(length);
    const tags = new Uint8Array(3 * suite.tagBytes + 1).fill(0xee);
    const offset = suite.tagBytes + 1;
    mac.generate(message, tags, offset);
    expect(mac.verify(message, tags, offset)).toBe(true);
    expect(tags.subarray(0, offset).every((byte) => byte === 0xee)).toBe(true);
    expect(tags.subarray(offset + suite.tagBytes).every((byte) => byte === 0xee)).toBe(true);
    expect(message).toEqual(counting(length));
  });

  test('no tag with one bit flipped is accepted', () => {
    const message = counting(47);
    const tags = new Uint8Array(suite.tagBytes);
    mac.generate(message, tags, 0);
    for (let bit = 0; bit < 8 * suite.tagBytes; bit++) {
      const flipped = tags.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(mac.verify(message, flipped, 0)).toBe(false);
    }
    expect(mac.verify(message, tags, 0)).toBe(true);
  });

  test('no message with one bit flipped, one byte less or one more is accepted', () => {
    const message = counting(40);
    const tags = new Uint8Array(suite.tagBytes);
    mac.generate(message, tags, 0);
    for (let bit = 0; bit < 8 * message.length; bit++) {
      const flipped = message.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(mac.verify(flipped, tags, 0)).toBe(false);
    }
    expect(mac.verify(counting(39), tags, 0)).toBe(false);
    expect(mac.verify(counting(41), tags, 0)).toBe(false);
  });

  test('a tag that ends early, or begins outside, is refused without an exception', () => {
    const message = counting(8);
    const tags = new Uint8Array(suite.tagBytes);
    mac.generate(message, tags, 0);
    for (let length = 0; length < suite.tagBytes; length++) {
      expect(mac.verify(message, tags.subarray(0, length), 0)).toBe(false);
    }
    for (const offset of [1, -1, suite.tagBytes, 1e9]) expect(mac.verify(message, tags, offset)).toBe(false);
  });

  test('a tag is not cut off where there is no room for it', () => {
    const tags = new Uint8Array(2 * suite.tagBytes);
    for (const offset of [suite.tagBytes + 1, 2 * suite.tagBytes, -1]) {
      expect(() => mac.generate(counting(8), tags, offset)).toThrow(RangeError);
    }
    expect(tags.every((byte) => byte === 0)).toBe(true);
  });

  test('another key makes another tag', () => {
    const other = key.slice();
    other[0] = (other[0] ?? 0) ^ 1;
    const tags = new Uint8Array(suite.tagBytes);
    mac.generate(counting(8), tags, 0);
    expect(suite.keyed(other).verify(counting(8), tags, 0)).toBe(false);
  });

  test('is found by its name', () => {
    expect(macSuite(suite.name).name).toBe(suite.name);
    expect(suiteNames).toContain(suite.name);
  });
});

test('an unknown suite is refused with those that there are', () => {
  expect(() => macSuite('md5')).toThrow("unknown MAC suite 'md5'; there are hmac-sha256, blake3, blake2b, siphash-2-4");
});

test('without libsodium the portable suites remain, and the others say why', () => {
  const missing = { missing: 'no room' };
  expect(availableSuites(missing).map((suite) => suite.name)).toEqual(['hmac-sha256', 'blake3']);
  expect(macSuite(DEFAULT_SUITE, missing).name).toBe('hmac-sha256');
  for (const name of ['blake2b', 'siphash-2-4']) {
    expect(() => macSuite(name, missing)).toThrow(
      `MAC suite '${name}' needs libsodium as WebAssembly, which can't run here: no room; use hmac-sha256`,
    );
  }
});
