import { describe, expect, test } from 'vitest';
import type { Execution } from '../kernel/service.ts';
import { kvService } from './kv.ts';
import {
  contentOf,
  decodeResult,
  decodeSwapArgument,
  KvStatus,
  makeState,
  makeSwapArgument,
} from './versioned-value.ts';

const kv = kvService.create({});
const NOTHING = new Uint8Array(0);
const TOO_LARGE = new Uint8Array(64 * 1024 + 1);
const old = makeState(4, Uint8Array.of(1, 2));
const value = Uint8Array.of(7, 8, 9);

function shown({ state, result }: Execution) {
  const decoded = decodeResult(result);
  if (decoded === undefined) throw new Error('no result of this service');
  const { status, version, payload } = decoded;
  return { state, status, version, payload, text: new TextDecoder().decode(payload) };
}

describe('execute', () => {
  test('get answers version and value, and of a key that was never written says so', () => {
    expect(shown(kv.execute(old, 'get', NOTHING))).toMatchObject({
      state: old,
      status: KvStatus.done,
      version: 4,
      payload: Uint8Array.of(1, 2),
    });
    expect(shown(kv.execute(NOTHING, 'get', NOTHING))).toMatchObject({
      status: KvStatus.noSuchKey,
      version: 0,
      text: 'kv: no such key',
    });
  });

  test('an empty value is a value', () => {
    const { state } = kv.execute(NOTHING, 'put', NOTHING);
    expect(shown(kv.execute(state, 'get', NOTHING))).toMatchObject({ status: KvStatus.done, version: 1, text: '' });
  });

  test.each([
    ['put', value, 5],
    ['compareAndSwap', makeSwapArgument(4, value), 5],
  ])('%s writes the next version', (method, argument, version) => {
    const { state, status, version: answered } = shown(kv.execute(old, method, argument));
    expect([status, answered]).toEqual([KvStatus.done, version]);
    expect(state).toEqual(makeState(version, value));
  });

  test('a compare-and-swap at version 0 makes the key', () => {
    expect(shown(kv.execute(NOTHING, 'compareAndSwap', makeSwapArgument(0, value))).state).toEqual(makeState(1, value));
  });

  test.each([3, 5, 0])('a compare-and-swap on version %i is refused, and says at which one the key is', (version) => {
    expect(shown(kv.execute(old, 'compareAndSwap', makeSwapArgument(version, value)))).toMatchObject({
      state: old,
      status: KvStatus.otherVersion,
      version: 4,
      text: `kv: the key is at version 4, not ${version}`,
    });
  });

  test.each([
    ['get', Uint8Array.of(1), 'kv: get takes no argument'],
    ['put', TOO_LARGE, 'kv: a value of 65537 bytes; at most 65536 are stored'],
    ['compareAndSwap', makeSwapArgument(4, TOO_LARGE), 'kv: a value of 65537 bytes; at most 65536 are stored'],
    ['compareAndSwap', Uint8Array.of(1), 'kv: compareAndSwap takes a version and a value'],
    ['remove', NOTHING, 'kv: no such method'],
  ])('%s with a bad argument is refused in one line', (method, argument, text) => {
    expect(shown(kv.execute(old, method, argument))).toMatchObject({
      state: old,
      status: KvStatus.badRequest,
      version: 4,
      text,
    });
  });
});

describe('the operations of a session', () => {
  const numbers = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];
  const randomFrom = (values: readonly number[]) => {
    let next = 0;
    return () => values[next++ % values.length] ?? 0;
  };

  test('are on keys of its set, with values of the size that was asked for, no two alike', () => {
    const source = kvService.create({ keys: 10, valueBytes: 32 }).operations('set', randomFrom(numbers));
    const puts = [source.next('update'), source.next('update')];
    for (const { object, method, argument } of puts) {
      expect(object).toMatch(/^set\/\d$/);
      expect([method, argument.length]).toEqual(['put', 32]);
    }
    expect(puts[0]?.argument).not.toEqual(puts[1]?.argument);
    expect(source.next('query')).toMatchObject({ method: 'get', argument: NOTHING });
  });

  test('swap on the version that the session heard of last', () => {
    const source = kvService.create({ keys: 1, swapShare: 1 }).operations('set', randomFrom(numbers));
    const swapped = () => decodeSwapArgument(source.next('update').argument)?.version;
    expect(swapped()).toBe(0);
    const get = source.next('query');
    source.heard?.(get, kv.execute(old, 'get', NOTHING).result);
    expect(swapped()).toBe(4);
  });

  test('are swaps by their share', () => {
    const random = randomFrom(Array.from({ length: 997 }, (_, index) => (index * 0.618) % 1));
    const source = kvService.create({ swapShare: 0.25 }).operations('set', random);
    const methods = Array.from({ length: 2_000 }, () => source.next('update').method);
    const share = methods.filter((method) => method === 'compareAndSwap').length / methods.length;
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.3);
  });
});

test('contents are views behind the version', () => {
  expect(contentOf(old)).toEqual(Uint8Array.of(1, 2));
});
