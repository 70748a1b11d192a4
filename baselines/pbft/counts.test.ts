import { describe, expect, test } from 'vitest';
import { PERFECT_NETWORK } from '../../harness/runtimes/sim/simulation.ts';
import { costModel } from './cost-model.ts';
import { type Options, options } from './options.ts';
import { Cluster } from './testing/cluster.ts';

/** Runs to the end of all messages, so that what is counted is whole. */
function counted(faults: number, clients: number, each: number, protocol: Partial<Options>, seed: number) {
  const network = { leastDelayUs: 50, mostDelayUs: 150, loss: 0, duplication: 0 };
  const cluster = new Cluster({ seed, faults, clients, network, protocol });
  expect(cluster.run(each)).toBeUndefined();
  cluster.simulation.runUntil(cluster.simulation.now() + 10_000);
  return cluster;
}

describe.each([
  [1, 128],
  [2, 128],
  [1, 4],
  [2, 4],
])('f = %i, a checkpoint every %i batches', (faults, checkpointInterval) => {
  // A window near the size of the log lets backups fall behind it, and they then repair what the forms do not count.
  const window = Math.min(16, checkpointInterval / 2);
  const model = costModel(options.parse({ checkpointInterval }));

  test.each([
    { name: 'batch 1', clients: 1, each: 300, batchLimit: 1 },
    { name: 'batch 1, several clients', clients: 9, each: 40, batchLimit: 1 },
    { name: 'real batches', clients: 40, each: 40, batchLimit: 64 },
  ])('counted MACs and messages equal the closed forms: $name', ({ clients, each, batchLimit }) => {
    const cluster = counted(faults, clients, each, { batchLimit, checkpointInterval, window }, 11);
    const requests = clients * each;
    const replicas = 3 * faults + 1;
    const batches = cluster.counter('pbft.batches') / replicas;
    const batch = requests / batches;
    expect(cluster.counter('pbft.requests')).toBe(requests * replicas);
    if (batchLimit === 1) expect(batch).toBe(1);
    else expect(batch).toBeGreaterThan(4);

    // The forms spread a checkpoint evenly over its interval; a run has had a whole number of them.
    const checkpoints = Math.floor(batches / checkpointInterval);
    const missing = batches / checkpointInterval - checkpoints;
    const macs = (model.macsAtBusiestReplica({ faults, batch }) ?? Number.NaN) * requests - 5 * faults * missing;
    for (const replica of cluster.macs()) expect(replica).toBeCloseTo(macs, 6);
    const messages =
      (model.messagesInAll({ faults, batch }) ?? Number.NaN) * requests - replicas * 3 * faults * missing;
    expect(cluster.messages()).toBeCloseTo(messages, 6);
    expect(cluster.counter('pbft.checkpoints')).toBe(checkpoints * replicas);
    expect(cluster.counter('pbft.statuses')).toBe(0);
  });
});

test('an update takes the one-way delays that the cost model states', () => {
  const cluster = new Cluster({ seed: 1, faults: 1, clients: 1, network: PERFECT_NETWORK });
  expect(cluster.run(1)).toBeUndefined();
  expect(cluster.simulation.now()).toBe(costModel(options.parse({})).oneWayLatencies * PERFECT_NETWORK.mostDelayUs);
});
