import fc from 'fast-check';
import { expect, test } from 'vitest';
import { historyOf, type TestOperation } from '../checkers/testing/histories.ts';
import type { DriverHistory } from '../workload/history.ts';
import { OperationTally } from '../workload/operation-tally.ts';
import { completionsIn, incompleteIn, steadinessOf } from './completions.ts';

const SEED = 7;

test('operations count by their end, from the window’s start up to but without its end', () => {
  const history = historyOf([
    { invokedUs: 50, completedUs: 99 },
    { invokedUs: 90, completedUs: 100 },
    { invokedUs: 150, completedUs: 180 },
    { invokedUs: 180, completedUs: 200 },
    { invokedUs: 150 },
  ]);
  const { operations, fifths, latency } = completionsIn({ startUs: 100, endUs: 200 }, [history]);
  expect(operations).toBe(2);
  expect(fifths).toEqual([1, 0, 0, 0, 1]);
  expect(latency).toMatchObject({ meanUs: 20, maxUs: 30 });
});

test('a client is starved if it took part and none of its operations ended in the window', () => {
  const history = historyOf([
    { client: 1, invokedUs: 0, completedUs: 120 },
    { client: 1, invokedUs: 120, completedUs: 220 },
    { client: 2, invokedUs: 0, completedUs: 99 },
    { client: 2, invokedUs: 99, completedUs: 300 },
    { client: 3, invokedUs: 0 },
  ]);
  expect(completionsIn({ startUs: 100, endUs: 200 }, [history]).starvedClients).toBe(2);
});

test('a window in which nothing ended has no latency', () => {
  expect(completionsIn({ startUs: 0, endUs: 10 }, [])).toEqual({
    operations: 0,
    starvedClients: 0,
    fifths: [0, 0, 0, 0, 0],
    latency: undefined,
  });
});

test(`percentiles are those of the sorted latencies of all drivers, to three digits (seed ${SEED})`, () => {
  const latencies = fc.array(fc.double({ min: 0.5, max: 5e6, noNaN: true }), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(latencies, fc.nat(), (spans, cut) => {
      const operations = spans.map((span) => ({ invokedUs: 1e7 - span, completedUs: 1e7 }));
      const at = cut % (spans.length + 1);
      const histories = [historyOf(operations.slice(0, at), 0), historyOf(operations.slice(at), 1)];
      const { latency } = completionsIn({ startUs: 0, endUs: 2e7 }, histories);
      const sorted = operations.map(({ invokedUs, completedUs }) => completedUs - invokedUs).sort((a, b) => a - b);
      const exact = (rank: number) => sorted[Math.max(0, Math.ceil((rank / 100) * sorted.length) - 1)] ?? Number.NaN;
      for (const [measured, rank] of [
        [latency?.p50Us, 50],
        [latency?.p90Us, 90],
        [latency?.p99Us, 99],
        [latency?.p999Us, 99.9],
      ] as const) {
        // One thousandth of the value, and half a nanosecond where that is more.
        expect(Math.abs((measured ?? Number.NaN) - exact(rank))).toBeLessThanOrEqual(exact(rank) / 1_000 + 0.001);
      }
      expect(latency?.maxUs).toBe(sorted.at(-1));
    }),
    { seed: SEED, numRuns: 200 },
  );
});

/** A driver that recorded nothing, of a window from 100 to 200 µs and what came before and after. */
function tallied(operations: readonly TestOperation[], borders = [100, 120, 140, 160, 180, 200]): DriverHistory {
  const tally = new OperationTally();
  for (const { client = 0, invokedUs } of operations) tally.invoked(client, invokedUs);
  let untilUs = Number.NEGATIVE_INFINITY;
  for (const border of [...borders, Number.POSITIVE_INFINITY]) {
    tally.beginSegment(border);
    for (const { client = 0, invokedUs, completedUs = Number.NaN } of operations) {
      if (completedUs >= untilUs && completedUs < border) tally.completed(client, invokedUs, completedUs);
    }
    untilUs = border;
  }
  const unrecorded = tally.unrecorded();
  return { ...historyOf([]), ...(unrecorded === undefined ? {} : { unrecorded }) };
}

test(`operations that are not recorded count the same (seed ${SEED})`, () => {
  const operation = fc
    .record({
      client: fc.integer({ min: 1, max: 9 }),
      invokedUs: fc.double({ min: 0, max: 220, noNaN: true }),
      spanUs: fc.double({ min: 0, max: 120, noNaN: true }),
      lost: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
    })
    .map(({ client, invokedUs, spanUs, lost }): TestOperation => {
      return lost ? { client, invokedUs } : { client, invokedUs, completedUs: invokedUs + spanUs };
    });
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 60 }), fc.nat(60), (operations, recorded) => {
      const window = { startUs: 100, endUs: 200 };
      const whole = [historyOf(operations)];
      const cut = [historyOf(operations.slice(0, recorded)), tallied(operations.slice(recorded))];
      expect(completionsIn(window, cut)).toEqual(completionsIn(window, whole));
      expect(incompleteIn(cut)).toBe(incompleteIn(whole));
    }),
    { seed: SEED, numRuns: 300 },
  );
});

test('unrecorded operations of no one fifth are an error', () => {
  const history = tallied([{ invokedUs: 130, completedUs: 150 }], [100, 130, 180, 200]);
  expect(() => completionsIn({ startUs: 100, endUs: 200 }, [history])).toThrow(/of 130 … 180 µs are in no one fifth/);
  expect(() => completionsIn({ startUs: 150, endUs: 950 }, [history])).toThrow(/in no one fifth/);
  expect(completionsIn({ startUs: 200, endUs: 300 }, [history]).operations).toBe(0);
});

test.each([
  [[10, 10, 10, 10, 10], 1],
  [[4, 10, 10, 12, 10], 0.4],
  [[0, 10, 10, 10, 10], 0],
  [[0, 0, 0, 10, 10], undefined],
])('steadiness of fifths %j', (fifths, expected) => {
  expect(steadinessOf(fifths)).toBe(expected);
});

test('operations without an outcome are counted wherever they began', () => {
  expect(
    incompleteIn([historyOf([{ invokedUs: 1 }, { invokedUs: 1, completedUs: 2 }]), historyOf([{ invokedUs: 5 }])]),
  ).toBe(2);
});
