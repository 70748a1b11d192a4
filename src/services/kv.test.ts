import { describe, expect, test } from 'vitest';
import type { Execution } from '../kernel/service.ts';
import { kvService } from './kv.ts';
import { balanceOf, decodeTransferResult, makeBalanceValue, makeTransferArgument } from './transfer.ts';
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

describe('a transfer', () => {
  const note = Uint8Array.of(5, 6);
  const giver = makeState(4, makeBalanceValue(100n, Uint8Array.of(1, 2, 3)));
  const receiver = makeState(9, makeBalanceValue(-7n, NOTHING));
  const transfer = (from: Uint8Array, to: Uint8Array, amount = 30n) =>
    kv.execute(from, 'transfer', makeTransferArgument(amount, note), [to]);

  test('moves the amount, leaves the note with both keys, and tells both versions and balances', () => {
    const { state, others, result } = transfer(giver, receiver);
    expect(state).toEqual(makeState(5, makeBalanceValue(70n, note)));
    expect(others).toEqual([makeState(10, makeBalanceValue(23n, note))]);
    expect(decodeTransferResult(result)).toEqual({
      giver: { version: 5, balance: 70n },
      receiver: { version: 10, balance: 23n },
    });
  });

  test('makes keys that were never written, whose balance is 0', () => {
    const { state, others } = transfer(NOTHING, NOTHING);
    expect([state, others]).toEqual([
      makeState(1, makeBalanceValue(-30n, note)),
      [makeState(1, makeBalanceValue(30n, note))],
    ]);
  });

  test('counts modulo 2^64', () => {
    const highest = makeState(1, makeBalanceValue(2n ** 63n - 1n, NOTHING));
    const { state, others = [] } = transfer(NOTHING, highest, 1n);
    expect([balanceOf(state), ...others.map(balanceOf)]).toEqual([-1n, -(2n ** 63n)]);
  });

  test.each([
    ['giving', old, receiver, 4, 9],
    ['receiving', receiver, old, 9, 4],
  ])('with a %s key whose value is no balance is refused, and tells both versions', (role, from, to, ...versions) => {
    const { state, others, result } = transfer(from, to);
    expect([state, others]).toEqual([from, undefined]);
    const { giver, receiver } = decodeTransferResult(result) ?? {};
    expect([giver, receiver]).toEqual(versions.map((version) => ({ version, balance: undefined })));
    expect(decodeResult(result)?.status).toBe(KvStatus.noBalance);
    expect(new TextDecoder().decode(decodeResult(result)?.payload.subarray(8))).toBe(
      `kv: the value of the ${role} key has 2 bytes; a balance takes 8`,
    );
  });

  test('can be read and overwritten like any value', () => {
    const { state } = transfer(giver, receiver);
    expect(shown(kv.execute(state, 'get', NOTHING)).payload).toEqual(makeBalanceValue(70n, note));
    expect(balanceOf(kv.execute(state, 'put', makeBalanceValue(1n, NOTHING)).state)).toBe(1n);
  });

  test.each([
    ['an amount cut short', Uint8Array.of(1), 'kv: transfer takes an amount and a note'],
    ['a note too long', TOO_LARGE, 'kv: a value of 65537 bytes; at most 65536 are stored'],
  ])('with %s is refused', (_, argument, text) => {
    const execution = kv.execute(giver, 'transfer', argument, [receiver]);
    expect(shown(execution)).toMatchObject({ state: giver, status: KvStatus.badRequest, text });
    expect([execution.others, decodeTransferResult(execution.result)]).toEqual([undefined, undefined]);
  });
});

test.each([
  ['get', 2, 'get works on one key, not 2'],
  ['put', 2, 'put works on one key, not 2'],
  ['compareAndSwap', 3, 'compareAndSwap works on one key, not 3'],
  ['transfer', 1, 'transfer works on 2 keys, not 1'],
  ['transfer', 3, 'transfer works on 2 keys, not 3'],
])('%s on %i keys is refused, and all are as they were', (method, keys, text) => {
  const argument = makeTransferArgument(1n, value);
  const execution = kv.execute(old, method, argument, new Array<Uint8Array>(keys - 1).fill(old));
  expect(shown(execution)).toMatchObject({ state: old, status: KvStatus.badRequest, version: 4, text: `kv: ${text}` });
  expect(execution.others).toBeUndefined();
});

describe('the options of transfers', () => {
  const problem = (options: object) => kvService.options.safeParse(options).error?.issues[0];

  test.each([
    [{ transferShare: 0.5, keys: 1 }, 'transferShare', /between two keys: set keys to 2 or more/],
    [{ transferShare: 0.5, valueBytes: 15 }, 'valueBytes', /a balance and a note: set valueBytes to 16 or more/],
    [{ transferShare: 0.6, swapShare: 0.5 }, 'transferShare', /together more than 1/],
  ])('%o are refused', (options, field, message) => {
    expect(problem(options)).toMatchObject({ path: [field], message: expect.stringMatching(message) });
  });

  test.each([
    { keys: 1, valueBytes: 8 },
    { transferShare: 1, keys: 2, valueBytes: 16 },
    { transferShare: 0.7, swapShare: 0.3 },
  ])('%o are taken', (options) => expect(problem(options)).toBeUndefined());
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

  const evenlySpread = () =>
    randomFrom(Array.from({ length: 9_973 }, (_, index) => (1 + Math.sin(index) * 43_758.5453) % 1).map(Math.abs));

  test('are swaps and transfers by their shares', () => {
    const source = kvService.create({ swapShare: 0.25, transferShare: 0.5 }).operations('set', evenlySpread());
    const methods = Array.from({ length: 2_000 }, () => source.next('update').method);
    const share = (name: string) => methods.filter((method) => method === name).length / methods.length;
    expect(share('compareAndSwap')).toBeCloseTo(0.25, 1);
    expect(share('transfer')).toBeCloseTo(0.5, 1);
  });

  test.each(['uniform', 'zipfian'])(
    'transfer between two different keys of the set, drawn %s, with notes all different',
    (distribution) => {
      const options = { keys: 3, transferShare: 1, valueBytes: 24, distribution };
      const source = kvService.create(options).operations('set', evenlySpread());
      const transfers = Array.from({ length: 200 }, () => source.next('update'));
      for (const { object, others = [], method, argument } of transfers) {
        expect([method, argument.length, others.length]).toEqual(['transfer', 24, 1]);
        expect([object, ...others].every((key) => /^set\/[012]$/.test(key))).toBe(true);
        expect(others).not.toContain(object);
      }
      expect(new Set(transfers.flatMap(({ object, others = [] }) => `${object} ${others}`)).size).toBe(6);
      expect(new Set(transfers.map(({ argument }) => `${argument.subarray(8)}`)).size).toBe(200);
    },
  );

  test('swap on the version that a transfer left behind, at either key', () => {
    const source = kvService.create({ keys: 2, swapShare: 1 }).operations('set', evenlySpread());
    const operation = {
      object: 'set/0',
      others: ['set/1'],
      method: 'transfer',
      argument: makeTransferArgument(1n, value),
    };
    source.heard?.(operation, kv.execute(NOTHING, 'transfer', operation.argument, [makeState(6, NOTHING)]).result);
    source.heard?.(
      operation,
      kv.execute(NOTHING, 'transfer', operation.argument, [makeState(6, makeBalanceValue(0n, NOTHING))]).result,
    );
    const versions = new Map<string, number | undefined>();
    for (let drawn = 0; drawn < 10; drawn++) {
      const { object, argument } = source.next('update');
      versions.set(object, decodeSwapArgument(argument)?.version);
    }
    expect(versions).toEqual(
      new Map([
        ['set/0', 1],
        ['set/1', 7],
      ]),
    );
  });
});

test('contents are views behind the version', () => {
  expect(contentOf(old)).toEqual(Uint8Array.of(1, 2));
});
