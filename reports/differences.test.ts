import { describe, expect, test } from 'vitest';
import { comparisonsOf } from './comparisons.ts';
import { compareRuns, differencesOf } from './differences.ts';
import { pointsOf } from './points.ts';
import { repeats } from './testing/rows.ts';

const six = [100, 101, 102, 103, 104, 105];

describe('verdicts', () => {
  test('twice as much is higher, half is lower', () => {
    const twice = six.map((value) => 2 * value);
    expect(compareRuns(twice, six)).toMatchObject({ verdict: 'higher', reason: '', leftRuns: 6, rightRuns: 6 });
    expect(compareRuns(six, twice)).toMatchObject({ verdict: 'lower', reason: '' });
    expect(compareRuns(twice, six)?.ratio.estimate).toBeCloseTo(2, 1);
  });

  test('below six runs nothing is told apart', () => {
    expect(compareRuns([200, 200, 200, 200, 200], six)).toMatchObject({
      verdict: '~',
      reason: 'no interval below 6 runs',
    });
  });

  test('an interval that holds 1 is no difference', () => {
    const wide = [60, 80, 100, 120, 140, 160];
    expect(compareRuns(wide, six)).toMatchObject({ verdict: '~', reason: 'the interval holds a ratio of 1' });
  });

  test('a sure difference below the threshold is none', () => {
    const narrow = [100, 100.1, 100.2, 100.3, 100.4, 100.5];
    expect(
      compareRuns(
        narrow.map((value) => value * 1.03),
        narrow,
      ),
    ).toMatchObject({ verdict: '~', reason: 'smaller than 5 %' });
  });

  test('a zero has no ratio', () => {
    expect(compareRuns([0, 1, 2, 3, 4, 5], six)).toBeUndefined();
  });
});

test('protocols are compared at equal f only, each at its best client count', () => {
  const points = pointsOf([
    ...repeats(six, { protocol: 'qu', f: 1, clients: 4 }),
    ...repeats([50, 50, 50, 50, 50, 50], { protocol: 'qu', f: 1, clients: 2 }),
    ...repeats([30, 31, 32, 33, 34, 35], { protocol: 'qu', f: 2 }),
    ...repeats([400, 410, 420, 430, 440, 450], { protocol: 'pbft', f: 1, clients: 16 }),
    ...repeats([900], { protocol: 'unreplicated', f: 0 }),
  ]);
  const [comparison] = comparisonsOf(points);
  const differences = comparison === undefined ? [] : differencesOf(comparison);
  const throughput = differences.filter(({ metric }) => metric === 'throughput_ops_s');
  expect(throughput).toHaveLength(1);
  expect(throughput[0]).toMatchObject({ left: 'Q/U', right: 'PBFT', faults: 1, verdict: 'lower' });
  expect(throughput[0]?.leftPoint.parameters.clients).toBe(4);
  // Pairwise differences run from 100 − 450 to 105 − 400.
  expect(throughput[0]?.absolute.estimate).toBeGreaterThan(-350);
  expect(throughput[0]?.absolute.estimate).toBeLessThan(-295);
});

describe('with variants, there are compared', () => {
  const comparedIn = (...series: readonly (readonly [string, string])[]) => {
    const [comparison] = comparisonsOf(
      pointsOf(series.flatMap(([protocol, variant]) => repeats(six, { protocol, variant, f: 1 }))),
    );
    const differences = comparison === undefined ? [] : differencesOf(comparison);
    return differences
      .filter(({ metric }) => metric === 'throughput_ops_s')
      .map(({ left, right }) => `${left}: ${right}`);
  };

  test('those of a protocol with its defaults, where these were measured too', () => {
    const of = [
      ['qu', ''],
      ['qu', 'no pruning'],
      ['qu', 'no back-off'],
      ['pbft', ''],
      ['pbft', 'batch 1'],
    ] as const;
    expect(comparedIn(...of)).toEqual([
      'Q/U: Q/U no back-off',
      'Q/U: Q/U no pruning',
      'Q/U: PBFT',
      'PBFT: PBFT batch 1',
    ]);
  });

  test('those of a protocol with another one that was measured one way', () => {
    expect(comparedIn(['qu', ''], ['pbft', ''], ['pbft', 'batch 1'])).toEqual([
      'Q/U: PBFT',
      'Q/U: PBFT batch 1',
      'PBFT: PBFT batch 1',
    ]);
  });

  test('all with all others, where they stand for the protocol', () => {
    expect(comparedIn(['qu', ''], ['pbft', 'batch 1'], ['pbft', 'batches'])).toEqual([
      'Q/U: PBFT batch 1',
      'Q/U: PBFT batches',
      'PBFT batch 1: PBFT batches',
    ]);
  });
});
