import { expect, test } from 'vitest';
import { comparisonsOf, peak } from './comparisons.ts';
import { pointsOf } from './points.ts';
import { repeats, row } from './testing/rows.ts';

test('the peak is the best median over client counts, not the largest run', () => {
  const points = pointsOf([
    ...repeats([100, 100, 900], { clients: 1 }),
    ...repeats([200, 210, 220], { clients: 8 }),
    ...repeats([150, 160, 170], { clients: 64 }),
  ]);
  expect(peak(points, 'throughput_ops_s')?.parameters.clients).toBe(8);
});

test('latency is best where it is lowest', () => {
  const points = pointsOf([
    row({ clients: 1, latency_p50_us: 500 }),
    row({ clients: 8, latency_p50_us: 400 }),
    row({ clients: 64, latency_p50_us: 900 }),
  ]);
  expect(peak(points, 'latency_p50_us')?.parameters.clients).toBe(8);
});

test('a point without a valid row is never the peak', () => {
  const points = pointsOf([
    row({ throughput_ops_s: 5 }),
    row({ clients: 64, verdict: 'invalid', throughput_ops_s: 500 }),
  ]);
  expect(peak(points, 'throughput_ops_s')?.parameters.clients).toBe(8);
  expect(peak(points.slice(1), 'throughput_ops_s')).toBeUndefined();
});

test('one setting is one comparison, its series ordered with the subject first', () => {
  const names = [
    ['unreplicated', ''],
    ['alpha', ''],
    ['pbft', 'batch=64'],
    ['pbft', 'batch=8'],
    ['qu', ''],
  ] as const;
  const [comparison, ...others] = comparisonsOf(
    pointsOf(names.map(([protocol, variant]) => row({ protocol, variant }))),
  );
  expect(others).toEqual([]);
  expect(comparison?.suffix).toBe('');
  expect(comparison?.series.map(({ label }) => label)).toEqual([
    'Q/U',
    'PBFT batch=8',
    'PBFT batch=64',
    'alpha',
    'unreplicated',
  ]);
});

test('settings never share a comparison, and their files tell what differs', () => {
  const comparisons = comparisonsOf(
    pointsOf([row(), row({ mac: 'siphash-2-4' }), row({ mac: 'siphash-2-4', query_share: 0.5 })]),
  );
  expect(comparisons.map(({ suffix }) => suffix)).toEqual([
    '-hmac-sha256-query-share-0',
    '-siphash-2-4-query-share-0',
    '-siphash-2-4-query-share-0.5',
  ]);
});

test('simulated and real rows never share a comparison', () => {
  const comparisons = comparisonsOf(
    pointsOf([row(), row({ runtime: 'sim' }), row({ topology: 'lan-10g', runtime: 'sim' })]),
  );
  expect(comparisons.map(({ setting }) => [setting.runtime, setting.topology])).toEqual([
    ['process', 'shared-host'],
    ['sim', 'lan-10g'],
    ['sim', 'shared-host'],
  ]);
});
