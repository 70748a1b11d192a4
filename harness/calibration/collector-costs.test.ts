import { expect, test } from 'vitest';
import { collectorOf, pausedUs } from './collector-costs.ts';
import type { PlacedNodes, RoleWork } from './placed-nodes.ts';

function work(role: RoleWork['role'], part: Partial<RoleWork>): RoleWork {
  const nothing = { turns: 0, wakes: 0, preemptions: 0, reads: 0, writes: 0, messages: 0, kilobytes: 0 };
  return { role, ...nothing, cpuUs: 0, collections: 0, collectionUs: 0, ...part };
}

function placed(elapsedUs: number, probeUs: number, roles: readonly RoleWork[], faults = 0): PlacedNodes {
  return {
    placement: {
      protocol: 'unreplicated',
      faults,
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
  expect(collectorOf(nodes, 100).replica).toEqual({ everyUs: 2_250, pauseUs: 1_000 });
  // 100 and 10 pauses of 0.5 ms, at half the speed 0.25; one second of work, and half of 0.1 s.
  expect(collectorOf(nodes, 100).client).toEqual({ everyUs: 9_545, pauseUs: 477.3 });
});

test('what the clock says of pauses where many nodes share the cores is not believed, but their number is', () => {
  const client = { cpuUs: 10, collections: 0.001, collectionUs: 0.5 };
  const crowded = work('driver', { ...client, collections: 0.003, collectionUs: 9 });
  const nodes = [placed(10, 100, [work('driver', client)]), placed(10, 100, [crowded], 3)];
  expect(collectorOf(nodes, 100)).toEqual({ client: { everyUs: 5_000, pauseUs: 500 } });
});

test('a role that was not seen to pause is left out', () => {
  const paused = work('replica', { cpuUs: 5, collections: 0.001, collectionUs: 1 });
  const collector = collectorOf([placed(10, 100, [paused, work('driver', { cpuUs: 5 })])], 100);
  expect(collector).toEqual({ replica: { everyUs: 5_000, pauseUs: 1_000 } });
  expect(pausedUs(paused, collector)).toBe(1);
  expect(pausedUs(work('driver', { collections: 1 }), collector)).toBe(0);
});
