import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { counterChecker } from './counter-checker.ts';
import { anyHistory, linearizableHistory } from './testing/arbitrary-history.ts';
import { linearizableByForce } from './testing/brute-force.ts';
import { historyOf, type TestOperation } from './testing/histories.ts';

const SEED = 20_051_023;

function check(operations: readonly TestOperation[]) {
  return counterChecker.check([historyOf(operations)]);
}

function reasonOf(operations: readonly TestOperation[]): string {
  const outcome = check(operations);
  return outcome.outcome === 'ok' ? 'ok' : outcome.reason;
}

const increment = (value: number, invokedUs: number, completedUs: number): TestOperation => ({
  value,
  invokedUs,
  completedUs,
});
const fetch = (value: number, invokedUs: number, completedUs: number): TestOperation => ({
  value,
  invokedUs,
  completedUs,
  query: true,
});

describe('histories written by hand', () => {
  test.each<readonly [string, readonly TestOperation[]]>([
    ['nothing at all', []],
    ['increments one after the other', [increment(1, 0, 10), increment(2, 20, 30), increment(3, 40, 50)]],
    ['concurrent increments in either order', [increment(2, 0, 10), increment(1, 5, 15)]],
    ['an end and a beginning at the same instant, which are concurrent', [increment(2, 0, 10), increment(1, 10, 15)]],
    ['a fetch of the initial value', [fetch(0, 0, 5), increment(1, 0, 9)]],
    ['fetches of one value in any order', [increment(1, 0, 1), fetch(1, 5, 6), fetch(1, 2, 3)]],
    ['an unknown increment that others saw', [{ invokedUs: 0 }, increment(2, 5, 9)]],
    ['an unknown increment that happened much later', [{ invokedUs: 0 }, increment(1, 5, 9), increment(3, 20, 25)]],
    ['an unknown increment that never happened', [{ invokedUs: 0 }, increment(1, 5, 9), increment(2, 20, 25)]],
  ])('%s', (_, operations) => {
    expect(reasonOf(operations)).toBe('ok');
    expect(linearizableByForce(operations)).toBe(true);
  });

  test.each<readonly [string, readonly TestOperation[], RegExp]>([
    ['a value returned twice', [increment(1, 0, 10), increment(1, 0, 12)], /value 1 was returned twice/],
    ['a lost increment', [increment(1, 0, 10), increment(3, 20, 30)], /value 2 is missing/],
    ['a made-up value in a fetch', [increment(1, 0, 10), fetch(2, 20, 30)], /value 2 is missing/],
    ['a stale read', [increment(1, 0, 10), fetch(0, 20, 30)], /fetch = 0 .* began after increment = 1 .* had ended/],
    [
      'an order against real time',
      [increment(2, 0, 10), increment(1, 20, 30)],
      /increment = 1 .*yet returned the older value/,
    ],
    ['an unknown increment that came too late', [increment(2, 0, 10), { invokedUs: 11 }], /value 1 is missing/],
    ['one unknown increment for two values', [{ invokedUs: 0 }, increment(3, 5, 9)], /value 2 is missing/],
    ['a result that is no value', [{ invokedUs: 0, completedUs: 4 }], /no value of a counter/],
    ['an increment to zero', [increment(0, 0, 4)], /no value of a counter/],
    ['an end before the beginning', [increment(1, 10, 4)], /ended 6 µs before it began/],
  ])('%s', (_, operations, reason) => {
    expect(reasonOf(operations)).toMatch(reason);
  });

  test('objects are apart, whichever driver worked on them', () => {
    const drivers = [
      historyOf(
        [
          { ...increment(1, 0, 10), object: 1 },
          { ...increment(1, 0, 10), object: 2 },
        ],
        0,
      ),
      historyOf([{ ...increment(2, 20, 30), object: 1 }], 1),
    ];
    expect(counterChecker.check(drivers)).toEqual({ outcome: 'ok', operations: 3 });
    const twice = [...drivers, historyOf([{ ...increment(1, 40, 50), object: 2 }], 2)];
    expect(counterChecker.check(twice)).toMatchObject({
      outcome: 'violation',
      reason: expect.stringMatching(/^object-2: value 1/),
    });
  });

  test('the lowest of several inverted pairs is shown', () => {
    const operations = [increment(2, 0, 1), increment(1, 5, 6), increment(4, 7, 8), increment(3, 9, 10)];
    expect(reasonOf(operations)).toMatch(/increment = 1 .* began after increment = 2/);
  });
});

describe('random histories', () => {
  test(`those of a real counter pass (seed ${SEED})`, () => {
    fc.assert(
      fc.property(linearizableHistory(60), (operations) => {
        expect(reasonOf(operations)).toBe('ok');
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  test(`the verdict is that of a search through all orders (seed ${SEED})`, () => {
    const seen = { ok: 0, violation: 0 };
    fc.assert(
      fc.property(fc.oneof(linearizableHistory(7), anyHistory), (operations) => {
        const expected = linearizableByForce(operations) ? 'ok' : 'violation';
        seen[expected]++;
        expect(check(operations).outcome).toBe(expected);
      }),
      { seed: SEED, numRuns: 4_000 },
    );
    expect(Math.min(seen.ok, seen.violation)).toBeGreaterThan(500);
  });
});

describe(`planted faults are found (seed ${SEED})`, () => {
  /** A history of increments alone, one client, one after the other: every fault in it is visible. */
  const sequence = fc
    .integer({ min: 3, max: 40 })
    .map((length) => Array.from({ length }, (_, index) => increment(index + 1, 100 * index, 100 * index + 50)));
  const position = fc.nat();

  function finds(plant: (operations: TestOperation[], at: number) => void, reason: RegExp): void {
    fc.assert(
      fc.property(sequence, position, (operations, seed) => {
        const history = [...operations];
        plant(history, 1 + (seed % (history.length - 2)));
        expect(reasonOf(history)).toMatch(reason);
      }),
      { seed: SEED, numRuns: 200 },
    );
  }

  test('a duplicate value', () => {
    finds((history, at) => {
      history[at] = { ...history[at], invokedUs: 100 * at, value: at };
    }, /returned twice/);
  });

  test('a lost increment', () => {
    finds((history, at) => {
      history.splice(at, 1);
    }, /is missing/);
  });

  test('a stale read', () => {
    finds((history, at) => {
      history.push(fetch(at, 100 * at + 60, 100 * at + 70));
    }, /fetch .* yet returned the older value/);
  });

  test('an order inverted across real time', () => {
    finds((history, at) => {
      history[at] = increment(at, 100 * at, 100 * at + 50);
      history[at - 1] = increment(at + 1, 100 * (at - 1), 100 * (at - 1) + 50);
    }, /yet returned the older value/);
  });
});
