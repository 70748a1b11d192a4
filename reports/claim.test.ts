import { expect, test } from 'vitest';
import type { ResultRow } from '../harness/results/columns.ts';
import { lossesOf } from './claim.ts';
import { comparisonsOf } from './comparisons.ts';
import { pointsOf } from './points.ts';
import { repeats, row } from './testing/rows.ts';

function losses(rows: readonly ResultRow[]) {
  return comparisonsOf(pointsOf(rows)).flatMap(lossesOf);
}

test('the loss is of medians, from the lowest to the highest f, on the shared host and by the bound', () => {
  const [loss] = losses([
    ...repeats([100, 200, 300], { f: 1, dedicated_bound_ops_s: 1_000 }),
    ...repeats([120, 130, 140], { f: 2, dedicated_bound_ops_s: 900 }),
    ...repeats([40, 50, 60], { f: 3, dedicated_bound_ops_s: 750 }),
  ]);
  expect(loss).toMatchObject({
    lowest: 1,
    highest: 3,
    throughput: { ratio: 0.25, interval: undefined },
    dedicated: { ratio: 0.75 },
    published: undefined,
  });
});

test('the published losses appear for f = 1 to 5 of the two protocols of the paper, and only there', () => {
  const all = losses(['qu', 'pbft', 'other'].flatMap((protocol) => [1, 5].map((f) => row({ protocol, f }))));
  expect(all.map(({ series, published }) => [series.protocol, published?.toFixed(2)])).toEqual([
    ['qu', '0.64'],
    ['pbft', '0.17'],
    ['other', undefined],
  ]);
  expect(losses([row({ f: 1 }), row({ f: 4 })])[0]?.published).toBeUndefined();
  expect(losses([row({ f: 2 }), row({ f: 5 })])[0]?.published).toBeUndefined();
});

test('a series at one f has no loss; an f without a valid row leaves it unknown', () => {
  expect(losses([row()])).toEqual([]);
  expect(losses([row({ f: 1 }), row({ f: 2, verdict: 'invalid' })])[0]?.throughput).toBeUndefined();
});

test('from six runs on the loss has an interval', () => {
  const [loss] = losses([
    ...repeats([100, 101, 102, 103, 104, 105], { f: 1 }),
    ...repeats([50, 51, 52, 53, 54, 55], { f: 2 }),
  ]);
  expect(loss?.throughput?.interval?.low).toBeGreaterThan(0.47);
  expect(loss?.throughput?.interval?.high).toBeLessThan(0.56);
});
