import { describe, expect, test } from 'vitest';
import { pointsOf } from './points.ts';
import { schedule } from './schedule.ts';
import { DEFAULTS, type ResolvedSettings } from './settings.ts';
import { catalogWith } from './testing/catalog.ts';

function points(settings: Partial<ResolvedSettings>) {
  return pointsOf({ ...DEFAULTS, ...settings }, catalogWith()).map(({ protocol, variant, faults, clients }) =>
    [protocol.name, variant, `f${faults}`, `c${clients}`].join(' '),
  );
}

const pbft = { protocol: 'pbft', options: {} };
const batchOne = { protocol: 'pbft', variant: 'batch 1', options: { batchLimit: 1 } };

describe('points', () => {
  test('are all combinations', () => {
    expect(points({ protocols: [pbft, batchOne], faults: [1, 2], clients: [8, 16] })).toEqual([
      'pbft  f1 c8',
      'pbft  f1 c16',
      'pbft  f2 c8',
      'pbft  f2 c16',
      'pbft batch 1 f1 c8',
      'pbft batch 1 f1 c16',
      'pbft batch 1 f2 c8',
      'pbft batch 1 f2 c16',
    ]);
  });

  test('of a protocol that tolerates nothing are measured once, at f = 0', () => {
    expect(points({ faults: [1, 2, 3] })).toEqual(['unreplicated  f0 c16']);
  });

  test('that options for all variants make alike are measured once, under no wrong name', () => {
    expect(points({ protocols: [pbft, batchOne], options: { pbft: { batchLimit: 8 } } })).toEqual([
      'pbft batchLimit=8 f1 c16',
    ]);
  });

  test('keep the name of a variant whose own options stand, and tell what else was set', () => {
    expect(points({ protocols: [batchOne], options: { pbft: { window: 2 } } })).toEqual([
      'pbft batch 1 window=2 f1 c16',
    ]);
  });

  test('are made for every workload', () => {
    const [workload] = DEFAULTS.workloads;
    if (workload === undefined) throw new Error('no workload');
    const settings = { ...DEFAULTS, clients: [1, 2], workloads: [workload, { ...workload, queryShare: 1 }] };
    expect(
      pointsOf(settings, catalogWith()).map(({ workload: { queryShare }, clients }) => [queryShare, clients]),
    ).toEqual([
      [0, 1],
      [0, 2],
      [1, 1],
      [1, 2],
    ]);
  });

  test('carry the options in force', () => {
    const settings = { ...DEFAULTS, protocols: [batchOne], options: { pbft: { window: 2 } } };
    expect(pointsOf(settings, catalogWith()).map(({ options }) => options)).toEqual([{ batchLimit: 1, window: 2 }]);
  });
});

describe('the schedule', () => {
  const all = pointsOf({ ...DEFAULTS, protocols: [pbft], faults: [1, 2, 3, 4, 5], clients: [1, 2] }, catalogWith());
  const texts = (seed: number) =>
    schedule(all, 4, seed).map(({ point, repeat }) => `${repeat}: f${point.faults} c${point.clients}`);

  test('measures every point once before any twice', () => {
    const repeats = schedule(all, 4, 7).map(({ repeat }) => repeat);
    expect(repeats).toEqual([1, 2, 3, 4].flatMap((repeat) => Array.from({ length: all.length }, () => repeat)));
    expect(new Set(texts(7)).size).toBe(40);
  });

  test('shuffles each repeat by the seed', () => {
    expect(texts(7)).toEqual(texts(7));
    expect(texts(7)).not.toEqual(texts(8));
    const orders = [1, 2, 3, 4].map((repeat) =>
      texts(7)
        .filter((text) => text.startsWith(`${repeat}:`))
        .map((text) => text.slice(3))
        .join(),
    );
    expect(new Set(orders).size).toBe(4);
  });

  test('gives each repeat a seed of its own, the same for all points', () => {
    const seeds = schedule(all, 3, 7).map(({ repeat, seed }) => seed - repeat);
    expect(new Set(seeds)).toEqual(new Set([6]));
  });
});
