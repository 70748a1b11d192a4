import { afterAll, describe, expect, test } from 'vitest';
import { counterService } from '../../src/services/counter.ts';
import { messageCodec } from './codec.ts';
import { Cluster } from './testing/cluster.ts';

const ROUGH = { leastDelayUs: 50, mostDelayUs: 2_000, loss: 0.07, duplication: 0.05 };
const PROTOCOL = {
  checkpointInterval: 8,
  logIntervals: 2,
  retransmitUs: 20_000,
  viewChangeUs: 60_000,
  statusUs: 6_000,
  batchLimit: 4,
  separateRequestBytes: 119,
};

/** The counter under names so long that every request is a large one. */
function largeCounter() {
  const counter = counterService.create({});
  return {
    ...counter,
    operations: (object: string, random: () => number) => counter.operations(object.repeat(30), random),
  };
}

const seen = new Map<string, number>();

function note(cluster: Cluster): void {
  for (const event of ['incomplete', 'fetchedBodies', 'newViews', 'fetchedBatches', 'stateTransfers', 'forwarded']) {
    seen.set(event, (seen.get(event) ?? 0) + cluster.counter(`pbft.${event}`));
  }
}

describe.each(Array.from({ length: 60 }, (_, i) => i + 1))('seed %i', (seed) => {
  test('large requests under loss, duplication and reordering, and a primary that stops', () => {
    const given = { seed, faults: 1, clients: 4, network: ROUGH, protocol: PROTOCOL, service: largeCounter };
    const cluster = new Cluster(given);
    if (seed % 2 === 0) cluster.simulation.at(3_000 + 500 * (seed % 20), () => cluster.simulation.crash(0));
    expect(cluster.run(20)).toBeUndefined();
    expect(cluster.violation()).toBeUndefined();
    expect(cluster.upToDate()).toBeGreaterThanOrEqual(2);
    note(cluster);
  });
});

test('a backup that no client reaches gets every body from the other replicas', () => {
  const network = { leastDelayUs: 50, mostDelayUs: 300, loss: 0, duplication: 0 };
  const protocol = { ...PROTOCOL, checkpointInterval: 128 };
  const cluster = new Cluster({ seed: 3, faults: 1, clients: 1, network, protocol, service: largeCounter });
  cluster.simulation.admit = (from, to) => !(from > 3 && to === 2);
  expect(cluster.run(10)).toBeUndefined();
  cluster.simulation.runUntil(cluster.simulation.now() + 200_000);
  expect(cluster.violation()).toBeUndefined();
  expect(cluster.upToDate()).toBe(4);
  expect(cluster.counter('pbft.fetchedBodies')).toBe(10);
  expect(cluster.counter('pbft.viewChanges')).toBe(0);
});

test('a backup that is behind still has the bodies when their clients have gone on', () => {
  const network = { leastDelayUs: 50, mostDelayUs: 100, loss: 0, duplication: 0 };
  const protocol = { ...PROTOCOL, checkpointInterval: 128, statusUs: 200_000, retransmitUs: 1_000_000 };
  const cluster = new Cluster({ seed: 5, faults: 1, clients: 4, network, protocol, service: largeCounter });
  const { simulation } = cluster;
  const late = new Set<Uint8Array>();
  // Proposals reach one backup when the other replicas have long answered.
  simulation.admit = (from, to, bytes) => {
    if (from !== 0 || to !== 3 || late.has(bytes)) return true;
    late.add(bytes);
    simulation.at(simulation.now() + 1_000, () => simulation.deliver(from, to, bytes));
    return false;
  };
  expect(cluster.run(30)).toBeUndefined();
  cluster.simulation.runUntil(cluster.simulation.now() + 400_000);
  expect(cluster.upToDate()).toBe(4);
  expect(cluster.counter('pbft.fetchedBodies')).toBe(0);
});

/** Clients reach the primary alone, and it hands out no body. */
function withholding(everyoneFromUs: number): Cluster {
  const network = { leastDelayUs: 50, mostDelayUs: 300, loss: 0, duplication: 0 };
  const cluster = new Cluster({ seed: 4, faults: 1, clients: 2, network, protocol: PROTOCOL, service: largeCounter });
  const codec = messageCodec(4);
  cluster.simulation.admit = (from, to, bytes) => {
    if (from > 3 && to !== 0) return cluster.simulation.now() >= everyoneFromUs;
    return !(from === 0 && codec.decode(bytes)?.type === 'batchBody');
  };
  return cluster;
}

test('a primary that withholds a body stalls its backups no longer than until the client sends it to all', () => {
  const cluster = withholding(10_000);
  expect(cluster.run(5)).toBeUndefined();
  expect(cluster.violation()).toBeUndefined();
  expect(cluster.counter('pbft.incomplete')).toBeGreaterThan(0);
  expect(cluster.counter('pbft.fetchedBodies')).toBe(0);
});

test('backups do not vote for a proposal whose bodies they lack', () => {
  const cluster = withholding(Number.POSITIVE_INFINITY);
  expect(cluster.run(1)).toBeDefined();
  expect(cluster.counter('pbft.incomplete')).toBeGreaterThan(0);
  expect(cluster.counter('pbft.batches')).toBe(0);
});

afterAll(() => {
  for (const [event, count] of seen) expect(count, event).toBeGreaterThan(0);
  expect(seen.size).toBeGreaterThan(0);
});
