import { describe, expect, test } from 'vitest';
import type { Operation } from '../../src/kernel/operation.ts';
import { kvService } from '../../src/services/kv.ts';
import { ROOT_GENERATION } from '../../src/services/nfs/handle.ts';
import { nfsService } from '../../src/services/nfs/nfs.ts';
import { create, getattr } from '../../src/services/nfs/requests.ts';
import { StateMachine } from '../../src/services/state-machine.ts';
import { makeBalanceValue, makeTransferArgument } from '../../src/services/transfer.ts';
import { makeState, makeSwapArgument } from '../../src/services/versioned-value.ts';
import { historyModelOf } from './history-model.ts';

const NOTHING = new Uint8Array(0);
const NONE = { object: 'a', method: 'increment', argument: NOTHING };

test('a counter tells its value', () => {
  const counter = historyModelOf('counter');
  const told = (...bytes: number[]) => counter.outcomeOf(NONE, false, Uint8Array.from(bytes)).value;
  expect(told(0, 0, 0, 1, 0, 0, 0, 2)).toBe(2 ** 32 + 2);
  expect(told(1)).toBeNaN();
});

test('a service without a model tells nothing', () => {
  const outcome = historyModelOf('null').outcomeOf(NONE, true, Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 2));
  expect(outcome).toEqual({ value: Number.NaN, read: true, content: 0 });
});

describe('of a key-value store', () => {
  const model = historyModelOf('kv');
  const kv = kvService.create({});
  const bytes = Uint8Array.of(1, 2, 3);

  /** One operation after the other on one key. */
  const history = (...operations: readonly (readonly [method: string, argument: Uint8Array])[]) => {
    let state = kv.initialState('a');
    return operations.map(([method, argument]) => {
      const operation = { object: 'a', method, argument };
      const execution = kv.execute(state, method, argument);
      state = execution.state;
      const query = kv.methods.get(method) === 'query';
      return { written: model.contentOf(operation), ...model.outcomeOf(operation, query, execution.result) };
    });
  };

  test('reads and writes tell version and content', () => {
    const [before, put, get, swap, late] = history(
      ['get', NOTHING],
      ['put', bytes],
      ['get', NOTHING],
      ['compareAndSwap', makeSwapArgument(1, bytes)],
      ['compareAndSwap', makeSwapArgument(1, bytes)],
    );
    const content = put?.content ?? 0;
    expect(content).toBeGreaterThan(0);
    expect(before).toEqual({ written: 0, value: 0, read: true, content: 0 });
    expect(put).toEqual({ written: content, value: 1, read: false, content });
    expect(get).toEqual({ written: 0, value: 1, read: true, content });
    expect(swap).toEqual({ written: content, value: 2, read: false, content });
    expect(late).toEqual({ written: content, value: 2, read: true, content: 0 });
  });

  test('other contents have other fingerprints, an empty one has one too', () => {
    const contents = [NOTHING, bytes, Uint8Array.of(3, 2, 1)].map((argument) => history(['put', argument])[0]?.content);
    expect(new Set(contents).size).toBe(3);
    expect(contents).not.toContain(0);
  });

  test.each([
    ['nothing', NOTHING],
    ['an unknown status', new Uint8Array(9).fill(9)],
    ['no such key, yet a version', Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 4)],
    ['a value at version 0', Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0)],
  ])('%s is no result of a get', (_, result) => {
    expect(model.outcomeOf({ object: 'a', method: 'get', argument: NOTHING }, true, result).value).toBeNaN();
  });

  describe('transfers', () => {
    const note = Uint8Array.of(1, 2, 3);
    const transfer = { object: 'a', others: ['b'], method: 'transfer', argument: makeTransferArgument(5n, note) };
    const outcomeOf = (giver: Uint8Array, receiver: Uint8Array) =>
      model.outcomeOf(transfer, false, kv.execute(giver, 'transfer', transfer.argument, [receiver]).result);
    const writtenBy = (value: Uint8Array) => history(['put', value])[0]?.content;

    test('tell version and content of both keys', () => {
      const outcome = outcomeOf(kv.initialState('a'), makeState(3, makeBalanceValue(2n, NOTHING)));
      expect(outcome).toEqual({
        value: 1,
        read: false,
        content: writtenBy(makeBalanceValue(-5n, note)),
        others: [{ value: 4, read: false, content: writtenBy(makeBalanceValue(7n, note)) }],
      });
    });

    test('read both keys if they are refused', () => {
      expect(outcomeOf(makeState(2, NOTHING), makeState(3, bytes))).toEqual({
        value: 2,
        read: true,
        content: 0,
        others: [{ value: 3, read: true, content: 0 }],
      });
    });

    test('write what is not known beforehand', () => expect(model.contentOf(transfer)).toBe(0));

    test.each([
      ['nothing', NOTHING],
      ['the result of a put', kv.execute(NOTHING, 'put', NOTHING).result],
    ])('do not answer with %s', (_, result) => {
      expect(model.outcomeOf(transfer, false, result)).toMatchObject({
        value: Number.NaN,
        others: [{ value: Number.NaN }],
      });
    });
  });
});

describe('of a file service', () => {
  const model = historyModelOf('nfs');
  const root = { object: 'r', generation: ROOT_GENERATION };
  const machine = new StateMachine(nfsService.create({}));
  const outcomeOf = (operation: Operation) =>
    model.outcomeOf(operation, machine.isQuery(operation), machine.execute(operation));
  const made = (name: string, object: string) =>
    outcomeOf(create('create', root, name, object, { mode: 0o644, uid: 1, gid: 1 }, 1));

  test('updates tell the versions of all objects, reads and refusals that nothing was written', () => {
    expect(made('x', 'r/1')).toEqual({
      value: 1,
      read: false,
      content: 0,
      others: [{ value: 1, read: false, content: 0 }],
    });
    expect(made('x', 'r/2')).toMatchObject({ value: 1, read: true, others: [{ value: 0, read: true }] });
    expect(outcomeOf(getattr(root))).toEqual({ value: 1, read: true, content: 0 });
  });

  test('a result with too few versions tells none', () => {
    const operation = { ...getattr(root), others: ['r/1'] };
    expect(model.outcomeOf(operation, false, machine.execute(getattr(root)))).toMatchObject({
      value: Number.NaN,
      others: [{ value: Number.NaN }],
    });
  });
});
