import { afterAll, describe, expect, test } from 'vitest';
import { Cluster, type ClusterOptions } from './testing/cluster.ts';

const CALM = { leastDelayUs: 50, mostDelayUs: 300, loss: 0, duplication: 0 };
const ROUGH = { leastDelayUs: 50, mostDelayUs: 2_000, loss: 0.07, duplication: 0.05 };
/** Short against the delays above, so that schedules reach retransmission and view changes soon. */
const PROTOCOL = {
  checkpointInterval: 8,
  logIntervals: 2,
  retransmitUs: 20_000,
  viewChangeUs: 60_000,
  statusUs: 6_000,
  batchLimit: 4,
};

const seen = new Map<string, number>();

function note(cluster: Cluster): void {
  const events = [
    'viewChanges',
    'newViews',
    'stateTransfers',
    'stableCheckpoints',
    'retransmissions',
    'fetchedBatches',
  ];
  for (const event of events) seen.set(event, (seen.get(event) ?? 0) + cluster.counter(`pbft.${event}`));
}

function check(options: Omit<ClusterOptions, 'clients' | 'protocol'>, crash: (cluster: Cluster) => number): void {
  const cluster = new Cluster({ clients: 4, protocol: PROTOCOL, ...options });
  const crashed = crash(cluster);
  expect(cluster.run(20)).toBeUndefined();
  expect(cluster.violation()).toBeUndefined();
  // What was answered was executed by f+1 replicas; those that lag catch up while the clients go on.
  expect(cluster.upToDate()).toBeGreaterThanOrEqual(options.faults + 1);
  expect(crashed).toBeLessThanOrEqual(options.faults);
  note(cluster);
}

function seeds(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => first + i);
}

describe.each(seeds(1, 200))('seed %i', (seed) => {
  test('loss, duplication and reordering', () => {
    check({ seed, faults: 1, network: ROUGH }, () => 0);
  });

  test('loss and a backup that stops', () => {
    check({ seed, faults: 1, network: ROUGH }, ({ simulation }) => {
      simulation.at(3_000 + 500 * (seed % 20), () => simulation.crash(1 + (seed % 3)));
      return 1;
    });
  });

  test('loss and a primary that stops', () => {
    check({ seed, faults: 1, network: ROUGH }, ({ simulation }) => {
      simulation.at(3_000 + 500 * (seed % 20), () => simulation.crash(0));
      return 1;
    });
  });
});

describe.each(seeds(1000, 30))('seed %i', (seed) => {
  test('two primaries that stop one after the other', () => {
    check({ seed, faults: 2, network: CALM }, ({ simulation }) => {
      simulation.at(2_000 + 100 * (seed % 7), () => simulation.crash(0));
      simulation.at(2_000 + 20_000 * (seed % 7), () => simulation.crash(1));
      return 2;
    });
  });

  test('two primaries that stop one after the other, and loss', () => {
    check({ seed, faults: 2, network: ROUGH }, ({ simulation }) => {
      simulation.at(2_000 + 1_000 * (seed % 7), () => simulation.crash(0));
      simulation.at(5_000 + 20_000 * (seed % 7), () => simulation.crash(1));
      return 2;
    });
  });
});

test('three successive primaries that never start', () => {
  check({ seed: 5, faults: 3, network: CALM }, ({ simulation }) => {
    for (const replica of [0, 1, 2]) simulation.at(0, () => simulation.crash(replica));
    return 3;
  });
});

describe.each(seeds(2000, 40))('seed %i', (seed) => {
  test('a replica that was cut off fetches the state and takes part again', () => {
    const network = { ...CALM };
    const cluster = new Cluster({ seed, faults: 1, clients: 4, network, protocol: PROTOCOL });
    const cutOff = 1 + (seed % 3);
    cluster.simulation.admit = (from, to) => from !== cutOff && to !== cutOff;
    expect(cluster.run(40)).toBeUndefined();
    cluster.simulation.admit = () => true;
    expect(cluster.run(40)).toBeUndefined();
    cluster.simulation.runUntil(cluster.simulation.now() + 100_000);
    expect(cluster.counter('pbft.stateTransfers')).toBeGreaterThan(0);
    expect(cluster.violation()).toBeUndefined();
    // Another replica stops: without the one that came back there would be no quorum.
    cluster.simulation.crash(seed % 3 === 0 ? 2 : 0);
    expect(cluster.run(10)).toBeUndefined();
    expect(cluster.violation()).toBeUndefined();
    cluster.simulation.runUntil(cluster.simulation.now() + 100_000);
    expect(cluster.upToDate()).toBe(3);
    note(cluster);
  });
});

afterAll(() => {
  // Sometimes: the schedules above reached everything that they are about.
  for (const [event, count] of seen) expect(count, event).toBeGreaterThan(0);
  expect(seen.size).toBeGreaterThan(0);
});
