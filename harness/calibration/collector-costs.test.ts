import { expect, test } from 'vitest';
import { collectorOf } from './collector-costs.ts';
import type { PlacedNodes, RoleWork } from './placed-nodes.ts';

function work(role: RoleWork['role'], part: Partial<RoleWork>): RoleWork {
  const nothing = { turns: 0, wakes: 0, reads: 0, writes: 0, messages: 0, kilobytes: 0 };
  return { role, ...nothing, cpuUs: 0, collections: 0, collectionUs: 0, ...part };
}

function placed(elapsedUs: number, probeUs: number, roles: readonly RoleWork[]): PlacedNodes {
  return {
    placement: {
      protocol: 'unreplicated',
      faults: 0,
      clients: 1,
      queryShare: 0,
      service: 'counter',
      serviceOptions: {},
      protocolOptions: {},
      drivers: 1,
    },
    nodes: 2,
    roles,
    probeUs,
    elapsedUs,
    latency: { meanUs: 1, p50Us: 1, p90Us: 1, p99Us: 1, p999Us: 1, maxUs: 1 },
  };
}

test('each placement counts for the same time, in times of one speed', () => {
  const client = work('driver', { cpuUs: 10, collections: 0.001, collectionUs: 0.5 });
  const nodes = [
    // In a second: 100 pauses of 1 ms, half a second of work.
    placed(10, 100, [work('replica', { cpuUs: 5, collections: 0.001, collectionUs: 1 }), client]),
    // On half the speed, in a second: 300 pauses of 2 ms, 0.8 s of work.
    placed(100, 200, [work('replica', { cpuUs: 80, collections: 0.03, collectionUs: 60 }), client]),
  ];
  // In two seconds 400 pauses, of 0.1 + 0.3 s at the first speed, in 0.5 + 0.4 s of work.
  expect(collectorOf(nodes, 100)?.replica).toEqual({ everyUs: 2_250, pauseUs: 1_000 });
});

test('where a role was not seen to pause, nothing is said', () => {
  const paused = work('replica', { cpuUs: 5, collections: 0.001, collectionUs: 1 });
  expect(collectorOf([placed(10, 100, [paused, work('driver', { cpuUs: 5 })])], 100)).toBeUndefined();
});
