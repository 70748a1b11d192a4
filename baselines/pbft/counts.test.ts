import { describe, expect, test } from 'vitest';
import { PERFECT_NETWORK } from '../../harness/conformance/testing/simulation.ts';
import { counterService } from '../../src/services/counter.ts';
import { nullService } from '../../src/services/null.ts';
import { costModel } from './cost-model.ts';
import { type Options, options } from './options.ts';
import { Cluster, type ClusterOptions } from './testing/cluster.ts';

const CALM = { leastDelayUs: 50, mostDelayUs: 150, loss: 0, duplication: 0 };
const service = counterService.create({});

function modelOf(protocol: Partial<Options>, of = service) {
  return costModel(options.parse(protocol), of);
}

/** Runs to the end of all messages, so that what is counted is whole. */
function counted(
  each: number,
  given: Partial<ClusterOptions> & Pick<ClusterOptions, 'faults' | 'clients'>,
  kind?: 'query',
) {
  const cluster = new Cluster({ seed: 11, network: CALM, ...given });
  expect(cluster.run(each, kind)).toBeUndefined();
  cluster.simulation.runUntil(cluster.simulation.now() + 10_000);
  expect(cluster.counter('pbft.statuses')).toBe(0);
  return cluster;
}

function known(count: number | undefined): number {
  if (count === undefined) throw new Error('no closed form');
  return count;
}

describe.each([
  [1, 128, true],
  [2, 128, false],
  [1, 4, false],
  [2, 4, true],
])('f = %i, a checkpoint every %i batches, tentative execution %s', (faults, checkpointInterval, tentative) => {
  // A window near the size of the log lets backups fall behind it, and they then repair what the forms do not count.
  const window = Math.min(16, checkpointInterval / 2);

  test.each([
    { name: 'batch 1', clients: 1, each: 300, batchLimit: 1, least: 1 },
    { name: 'batch 1, several clients', clients: 9, each: 40, batchLimit: 1, least: 1 },
    { name: 'batch 8', clients: 40, each: 40, batchLimit: 8, least: 5 },
    { name: 'batch 64', clients: 128, each: 15, batchLimit: 64, least: 40 },
    { name: 'batch 64, held back', clients: 128, each: 15, batchLimit: 64, batchDelayUs: 1_000, least: 60 },
  ])(
    'counted MACs and messages equal the closed forms: $name',
    ({ clients, each, least, batchLimit, batchDelayUs = 0 }) => {
      const protocol = { batchLimit, batchDelayUs, checkpointInterval, window, tentative };
      const model = modelOf(protocol);
      const cluster = counted(each, { faults, clients, protocol });
      const requests = clients * each;
      const replicas = 3 * faults + 1;
      const batches = cluster.counter('pbft.batches') / replicas;
      const batch = requests / batches;
      expect(cluster.counter('pbft.requests')).toBe(requests * replicas);
      expect(batch).toBeGreaterThanOrEqual(least);
      expect(batch).toBeLessThanOrEqual(batchLimit);

      // The forms spread a checkpoint evenly over its interval; a run has had a whole number of them.
      const checkpoints = Math.floor(batches / checkpointInterval);
      const missing = batches / checkpointInterval - checkpoints;
      const macs = known(model.macsAtBusiestReplica({ faults, batch })) * requests - 5 * faults * missing;
      for (const replica of cluster.macs()) expect(replica).toBeCloseTo(macs, 6);
      const messages = known(model.messagesInAll({ faults, batch })) * requests - replicas * 3 * faults * missing;
      expect(cluster.messages()).toBeCloseTo(messages, 6);
      expect(cluster.counter('pbft.checkpoints')).toBe(checkpoints * replicas);
    },
  );
});

describe.each([1, 2])('f = %i', (faults) => {
  test.each([true, false])(
    'queries that are not ordered cost what their closed form says, tentative execution %s',
    (tentative) => {
      const { query } = modelOf({ tentative });
      const cluster = counted(50, { faults, clients: 4, protocol: { tentative } }, 'query');
      for (const macs of cluster.macs())
        expect(macs).toBe(200 * (query?.macsAtBusiestReplica({ faults, batch: 1 }) ?? 0));
      expect(cluster.messages()).toBe(200 * (query?.messagesInAll({ faults, batch: 1 }) ?? 0));
      expect(cluster.counter('pbft.batches')).toBe(0);
    },
  );

  test.each([
    { batchLimit: 1, clients: 9, each: 40 },
    { batchLimit: 8, clients: 40, each: 40 },
    { batchLimit: 64, clients: 128, each: 15 },
  ])('queries that are ordered cost what updates do, batches of up to $batchLimit', ({ batchLimit, clients, each }) => {
    const protocol = { batchLimit, readOnly: false };
    const model = modelOf(protocol);
    const cluster = counted(each, { faults, clients, protocol }, 'query');
    const requests = clients * each;
    const batches = cluster.counter('pbft.batches') / (3 * faults + 1);
    const batch = requests / batches;
    const missing = batches / 128 - Math.floor(batches / 128);
    const form = known(model.query?.macsAtBusiestReplica({ faults, batch })) * requests;
    for (const macs of cluster.macs()) expect(macs).toBeCloseTo(form - 5 * faults * missing, 6);
  });

  // With equal delays requests come before the proposals that refer to them; one that comes after is verified once more.
  test.each([255, 2 ** 22])('large requests, sent separately above %i bytes', (separateRequestBytes) => {
    const large = () => nullService.create({ requestBytes: 1_000 });
    const protocol = { separateRequestBytes, batchLimit: 1 };
    const model = modelOf(protocol, large());
    const cluster = counted(100, { faults, clients: 1, protocol, service: large, network: PERFECT_NETWORK });
    const requests = 100;
    for (const macs of cluster.macs()) {
      expect(macs).toBeCloseTo(
        requests * known(model.macsAtBusiestReplica({ faults, batch: 1 })) - 5 * faults * (100 / 128),
        6,
      );
    }
    const allToAll = (3 * faults + 1) * 3 * faults;
    expect(cluster.messages()).toBeCloseTo(
      requests * known(model.messagesInAll({ faults, batch: 1 })) - allToAll * (100 / 128),
      6,
    );
  });
});

test.each([{ tentative: true }, { tentative: false }])(
  'with %j an update takes the one-way delays that the cost model states',
  (protocol) => {
    const cluster = new Cluster({ seed: 1, faults: 1, clients: 1, network: PERFECT_NETWORK, protocol });
    expect(cluster.run(1)).toBeUndefined();
    expect(cluster.simulation.now()).toBe(modelOf(protocol).oneWayLatencies * PERFECT_NETWORK.mostDelayUs);
  },
);

test('a query takes two', () => {
  const cluster = new Cluster({ seed: 1, faults: 1, clients: 1, network: PERFECT_NETWORK });
  expect(cluster.run(1, 'query')).toBeUndefined();
  expect(cluster.simulation.now()).toBe(2 * PERFECT_NETWORK.mostDelayUs);
});
