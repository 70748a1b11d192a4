import { describe, expect, test } from 'vitest';
import type { ReplicaId } from '../../src/kernel/identifiers.ts';
import { Cluster } from './testing/cluster.ts';
import { FAST_OPTIONS, seeds } from './testing/fast.ts';

const CALM = { leastDelayUs: 50, mostDelayUs: 300, loss: 0, duplication: 0 };
const ROUGH = { leastDelayUs: 50, mostDelayUs: 1_000, loss: 0.05, duplication: 0.05 };
const RESTART_US = 8_000;
const DOWN_US = 3_000;

/** Crashes `replica` and puts an empty one in its place; once that has rejoined, crashes `next`, without which there is no quorum but with it. */
function restarted(cluster: Cluster, replica: ReplicaId, next: readonly ReplicaId[]): void {
  const { simulation } = cluster;
  simulation.at(RESTART_US, () => simulation.crash(replica));
  simulation.at(RESTART_US + DOWN_US, () => cluster.restart(replica));
  const whenBack = () => {
    if (cluster.counter('pbft.rejoined') === 0) return simulation.at(simulation.now() + 1_000, whenBack);
    for (const other of next) simulation.crash(other);
  };
  simulation.at(RESTART_US + DOWN_US, whenBack);
}

describe.each(seeds(1, 12))('seed %i', (seed) => {
  test.each([
    { name: 'a backup', faults: 1, replica: 1, next: [0] },
    { name: 'a backup', faults: 1, replica: 3, next: [2] },
    { name: 'the primary', faults: 1, replica: 0, next: [1] },
    { name: 'a backup', faults: 2, replica: 5, next: [0, 1] },
    { name: 'the primary', faults: 2, replica: 0, next: [1, 2] },
  ])(
    'f = $faults: $name that restarts empty under load catches up, and carries the service when f more fail',
    (given) => {
      const { faults, replica, next } = given;
      const network = seed % 2 === 0 ? CALM : ROUGH;
      const cluster = new Cluster({ seed, faults, clients: 4, network, protocol: FAST_OPTIONS });
      restarted(cluster, replica, next);
      expect(cluster.run(100)).toBeUndefined();
      expect(cluster.counter('pbft.rejoined')).toBe(1);
      expect(cluster.run(10)).toBeUndefined();
      expect(cluster.violation()).toBeUndefined();
      expect(cluster.upToDate()).toBeGreaterThanOrEqual(faults + 1);
    },
  );
});
