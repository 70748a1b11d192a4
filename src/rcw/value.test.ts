import { describe, expect, test } from 'vitest';
import { CountedAuthentication } from '../crypto/counted-authentication.ts';
import { hmacSha256 } from '../crypto/hmac-sha256.ts';
import { FIRST_CLIENT } from '../kernel/identifiers.ts';
import { counterService } from '../services/counter.ts';
import {
  decodeValue,
  encodeValue,
  initialValue,
  MOST_VALUE_BYTES,
  mayFollow,
  type StoredValue,
  storedValue,
  valueDigest,
} from './value.ts';

const OWN = FIRST_CLIENT + 1;
const state = new Uint8Array(8);
const authentication = new CountedAuthentication(hmacSha256, new Uint8Array(32), FIRST_CLIENT);

/** A value whose table has these operations: client (counted from 0), number, result. */
function storedWith(...applied: readonly (readonly [number, number, number])[]): StoredValue {
  const bytes = encodeValue({
    state,
    applied: applied.map(([client, number, result]) => ({
      client: FIRST_CLIENT + client,
      number,
      result: Uint8Array.of(result),
    })),
  });
  const value = storedValue(bytes);
  if (value === undefined) throw new Error('not a value');
  return value;
}

const before = storedWith([0, 5, 50], [1, 3, 30], [2, 9, 90]);

describe("a client's write may follow", () => {
  test.each([
    ['with a newer operation of its own', storedWith([0, 5, 50], [1, 4, 40], [2, 9, 90])],
    ['with whatever result and number it gives that', storedWith([0, 5, 50], [1, 1000, 7], [2, 9, 90])],
  ])('%s', (_, after) => expect(mayFollow(before, after, OWN)).toBe(true));

  test('with its first operation', () => {
    expect(mayFollow(storedWith([0, 5, 50]), storedWith([0, 5, 50], [1, 1, 10]), OWN)).toBe(true);
    expect(mayFollow(initialValue(counterService.create({}), 'a'), storedWith([1, 1, 10]), OWN)).toBe(true);
  });
});

describe("a client's write may not follow", () => {
  test.each([
    ['unchanged', before],
    ['without an operation of its own', storedWith([0, 5, 50], [2, 9, 90])],
    ['with an older one of its own', storedWith([0, 5, 50], [1, 2, 20], [2, 9, 90])],
    ["without another's operation", storedWith([1, 4, 40], [2, 9, 90])],
    ["with another's operation that never was", storedWith([0, 6, 60], [1, 4, 40], [2, 9, 90])],
    ['with an older operation of another', storedWith([0, 4, 50], [1, 4, 40], [2, 9, 90])],
    ['with another result of another', storedWith([0, 5, 51], [1, 4, 40], [2, 9, 90])],
    ['with an entry for a client that has none', storedWith([0, 5, 50], [1, 4, 40], [2, 9, 90], [3, 1, 1])],
    ['with two entries of its own', storedWith([0, 5, 50], [1, 4, 40], [1, 5, 50], [2, 9, 90])],
    ['with the entries in another order', storedWith([1, 4, 40], [0, 5, 50], [2, 9, 90])],
  ])('%s', (_, after) => expect(mayFollow(before, after, OWN)).toBe(false));
});

test('values survive their encoding; other bytes and values that are too large are none', () => {
  const value = { state, applied: before.applied };
  expect(decodeValue(encodeValue(value))).toEqual(value);
  expect(storedValue(encodeValue(value))).toEqual(before);
  expect(decodeValue(new Uint8Array([0x92, 1, 2]))).toBeUndefined();
  expect(decodeValue(encodeValue({ state: new Uint8Array(MOST_VALUE_BYTES), applied: [] }))).toBeUndefined();
});

test('a digest stands for one value of one object', () => {
  const name = (text: string) => new TextEncoder().encode(text);
  const digests = [
    valueDigest(authentication, name('a'), Uint8Array.of(1)),
    valueDigest(authentication, name('a'), Uint8Array.of(2)),
    valueDigest(authentication, name('b'), Uint8Array.of(1)),
    valueDigest(authentication, name('ab'), Uint8Array.of()),
    valueDigest(authentication, name('a'), name('b')),
  ];
  expect(new Set(digests.map((digest) => Buffer.from(digest).toString('hex'))).size).toBe(digests.length);
});
