import { describe, expect, test } from 'vitest';
import { counterService, counterValue } from './counter.ts';

const counter = counterService.create({});
const NOTHING = new Uint8Array(0);
const at = (value: bigint) => {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return bytes;
};

describe('execute', () => {
  test.each<[string, bigint, string, Uint8Array, number | undefined, number]>([
    // what, state, method, argument, value of the result (undefined: an error), value of the state afterwards
    ['the first increment answers 1', 0n, 'increment', NOTHING, 1, 1],
    ['an increment answers the new value', 41n, 'increment', NOTHING, 42, 42],
    ['a carry over 32 bits', 0xffff_ffffn, 'increment', NOTHING, 2 ** 32, 2 ** 32],
    ['a carry over one byte', 0xffn, 'increment', NOTHING, 256, 256],
    ['a fetch answers the value', 41n, 'fetch', NOTHING, 41, 41],
    ['a fetch of an untouched counter', 0n, 'fetch', NOTHING, 0, 0],
    ['an unknown method is an error', 41n, 'decrement', NOTHING, undefined, 41],
    ['an argument is an error', 41n, 'increment', Uint8Array.of(1), undefined, 41],
    ['an argument to fetch is an error', 41n, 'fetch', Uint8Array.of(1), undefined, 41],
  ])('%s', (_what, state, method, argument, result, after) => {
    const execution = counter.execute(at(state), method, argument);
    expect(counterValue(execution.result)).toBe(result);
    expect(counterValue(execution.state)).toBe(after);
  });

  test('a state that is no counter stays, and the result is an error', () => {
    const state = new Uint8Array(7);
    const { state: after, result } = counter.execute(state, 'increment', NOTHING);
    expect(after).toBe(state);
    expect(counterValue(result)).toBeUndefined();
  });
});

test('a second counter is an error, and leaves both', () => {
  const [one, other] = [at(1n), at(2n)];
  const execution = counter.execute(one, 'increment', NOTHING, [other]);
  expect(counterValue(execution.result)).toBeUndefined();
  expect([execution.state, execution.others]).toEqual([one, undefined]);
});

test('a value is eight bytes, anywhere in a buffer', () => {
  const buffer = new Uint8Array(20);
  buffer.set(at(7n), 5);
  expect(counterValue(buffer.subarray(5, 13))).toBe(7);
  expect(counterValue(buffer.subarray(5, 12))).toBeUndefined();
  expect(counterValue(buffer.subarray(5, 14))).toBeUndefined();
});
