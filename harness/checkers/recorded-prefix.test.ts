import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DriverHistory } from '../workload/history.ts';
import { checkerFor } from './checkers.ts';
import { recordedPrefix } from './recorded-prefix.ts';
import { linearizableHistory } from './testing/arbitrary-history.ts';
import { serializableHistory } from './testing/arbitrary-transfers.ts';
import { historyOf, type TestOperation } from './testing/histories.ts';

const SEED = 5;

/** The history of a driver that recorded only so many operations. */
function cutHistory(operations: readonly TestOperation[], rows: number, driver = 0): DriverHistory {
  const invoked = [...operations].sort((a, b) => a.invokedUs - b.invokedUs);
  const recorded = historyOf(invoked.slice(0, rows), driver);
  const first = invoked[rows];
  if (first === undefined) return recorded;
  return {
    ...recorded,
    unrecorded: { cutUs: first.invokedUs, clients: new Uint32Array(0), incomplete: 0, segments: [] },
  };
}

describe('of histories that were cut', () => {
  const write = (value: number, invokedUs: number, completedUs: number): TestOperation => ({
    value,
    invokedUs,
    completedUs,
  });

  test('operations count that were invoked before the first cut; those that had not ended then are of unknown outcome', () => {
    const refused: TestOperation = {
      invokedUs: 5,
      completedUs: 60,
      value: 1,
      read: true,
      others: [{ object: 1, value: 3 }],
    };
    const one = cutHistory([write(1, 0, 10), write(2, 20, 50), write(3, 40, 45), write(9, 100, 110)], 3, 0);
    const other = cutHistory([write(1, 2, 49), refused, write(4, 50, 60), write(5, 70, 80)], 2, 1);
    const [first, second] = recordedPrefix([one, other]);
    expect(first).toMatchObject({ driver: 0, length: 3 });
    expect([...(first?.completedUs ?? [])]).toEqual([10, Number.NaN, 45]);
    expect([...(first?.value ?? [])]).toEqual([1, Number.NaN, 3]);
    expect(first).not.toHaveProperty('unrecorded');
    expect(second).toMatchObject({ driver: 1, length: 2, further: { length: 1 } });
    expect([...(second?.completedUs ?? [])]).toEqual([49, Number.NaN]);
    expect([...(second?.read ?? [])]).toEqual([0, 1]);
    expect([...(second?.further.value ?? [])]).toEqual([Number.NaN]);
  });

  test('rows at the cut itself are left out, with their further objects', () => {
    const several = { ...write(1, 40, 45), others: [{ object: 1, value: 1 }] };
    const [, second] = recordedPrefix([cutHistory([write(1, 0, 1), write(2, 40, 41)], 1), historyOf([several], 1)]);
    expect(second).toMatchObject({ length: 0, further: { length: 0 } });
  });

  test('what is wrong before the cut is found, and what is read is told', () => {
    const check = (value: number) => {
      return checkerFor('counter').check([cutHistory([write(1, 0, 1), write(value, 2, 3), write(2, 4, 5)], 2)]);
    };
    expect(check(2)).toEqual({ outcome: 'ok', operations: 2 });
    expect(check(1)).toMatchObject({ outcome: 'violation', operations: 2 });
  });

  test('a whole history stays as it is', () => {
    const histories = [historyOf([write(1, 0, 1)])];
    expect(recordedPrefix(histories)).toBe(histories);
    expect(recordedPrefix([])).toEqual([]);
  });
});

/** What can be cut where, between two drivers. */
const cuts = fc.record({
  sides: fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
  rows: fc.nat(30),
  otherRows: fc.nat(30),
});

test.each([
  ['counter', linearizableHistory(40)],
  ['nfs', serializableHistory(40)],
] as const)(`what was in order is in order wherever it is cut: %s (seed ${SEED})`, (service, histories) => {
  fc.assert(
    fc.property(histories, cuts, (operations, { sides, rows, otherRows }) => {
      const drivers: [TestOperation[], TestOperation[]] = [[], []];
      for (const [index, operation] of operations.entries()) drivers[sides[index] === true ? 0 : 1].push(operation);
      const cut = [cutHistory(drivers[0], rows, 0), cutHistory(drivers[1], otherRows, 1)];
      expect(checkerFor(service).check(cut)).toMatchObject({ outcome: 'ok' });
    }),
    { seed: SEED, numRuns: 2_000 },
  );
});
