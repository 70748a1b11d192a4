import { describe, expect, test } from 'vitest';
import { kvService } from '../../src/services/kv.ts';
import { makeSwapArgument } from '../../src/services/versioned-value.ts';
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
});
