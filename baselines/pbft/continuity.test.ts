import { describe, expect, test } from 'vitest';
import type { ParticipantId } from '../../src/kernel/identifiers.ts';
import { FIRST_CLIENT } from '../../src/kernel/identifiers.ts';
import { Cluster } from './testing/cluster.ts';
import { FAST_OPTIONS, seeds } from './testing/fast.ts';

const NETWORK = { leastDelayUs: 50, mostDelayUs: 300, loss: 0, duplication: 0 };
const CRASH_US = 10_000;
const TIME_OUT_US = FAST_OPTIONS.viewChangeUs;

function clusterOf(seed: number, faults: number): Cluster {
  return new Cluster({ seed, faults, clients: 4, network: NETWORK, protocol: FAST_OPTIONS });
}

/**
 * The time-out until backups give the first view up; then, for each primary that is down as well, its view's: as long, and twice as long
 * as the one before from the second on. One more time-out for the client's, for ticks and for messages.
 */
function mostGapUs(crashed: number): number {
  return 2 ** (crashed - 1) * TIME_OUT_US + TIME_OUT_US;
}

describe.each(seeds(1, 10))('seed %i', (seed) => {
  test.each([
    { faults: 1, crashed: 1 },
    { faults: 2, crashed: 1 },
    { faults: 2, crashed: 2 },
    { faults: 3, crashed: 3 },
  ])('f = $faults: operations go on within bounded time when $crashed primaries in a row are down', (given) => {
    const { faults, crashed } = given;
    const cluster = clusterOf(seed, faults);
    for (let replica = 0; replica < crashed; replica++) {
      cluster.simulation.at(CRASH_US + seed * 37, () => cluster.simulation.crash(replica));
    }
    expect(cluster.run(60)).toBeUndefined();
    expect(cluster.simulation.now()).toBeGreaterThan(CRASH_US + TIME_OUT_US);
    expect(cluster.longestGapUs()).toBeLessThan(mostGapUs(crashed));
    expect(cluster.violation()).toBeUndefined();
  });

  test.each([
    { name: 'the primary in the minority', faults: 1, minority: [0] },
    { name: 'the primary in the majority', faults: 1, minority: [3] },
    { name: 'the primary in the minority', faults: 2, minority: [0, 4] },
    { name: 'the primary in the majority', faults: 2, minority: [1, 5] },
    { name: 'the primary in one of two halves without a quorum', faults: 1, minority: [0, 1] },
    { name: 'the primary in one of two halves without a quorum', faults: 2, minority: [0, 2, 3] },
  ])('f = $faults: operations go on after a partition with $name', ({ faults, minority }) => {
    const cluster = clusterOf(seed, faults);
    const { simulation } = cluster;
    // A client on either side at least.
    const inMinority = (id: ParticipantId) =>
      id >= FIRST_CLIENT ? (id - FIRST_CLIENT + seed) % 2 === 0 : minority.includes(id);
    const healsUs = CRASH_US + TIME_OUT_US * (1 + (seed % 4));
    simulation.at(CRASH_US, () => {
      simulation.admit = (from, to) => inMinority(from) === inMinority(to);
    });
    simulation.at(healsUs, () => {
      simulation.admit = () => true;
    });
    expect(cluster.run(60)).toBeUndefined();
    expect(simulation.now()).toBeGreaterThan(healsUs);
    expect(cluster.violation()).toBeUndefined();
    // Each was cut off from some others, none is lost: with the primary down a quorum needs all that are left of f more.
    for (let replica = 0; replica < faults; replica++) simulation.crash(replica);
    expect(cluster.run(20)).toBeUndefined();
    expect(cluster.violation()).toBeUndefined();
  });
});
