import { expect, test } from 'vitest';
import { randomStream } from '../node/random.ts';
import type { SimulatedNetwork } from '../runtimes/sim/simulation.ts';
import type { Trick } from './testing/byzantine-qu-client.ts';
import { type ByzantineTrial, runByzantineTrial } from './testing/byzantine-trial.ts';
import { replayCommand, replaying, seedsUpTo } from './testing/seeds.ts';

/**
 * Q/U's promise about clients: a faulty one may write what it is allowed to write, but it may not make correct replicas diverge, nor keep
 * correct clients from ending once it leaves the object alone [QU §2]. Here one with keys of its own works on the counter of correct
 * clients, sending every replica something else.
 */
const SEEDS = 200;
const TITLE = 'whatever a Byzantine client sends';
const PLAN_STREAM = -9;

const CALM: SimulatedNetwork = { leastDelayUs: 100, mostDelayUs: 150, loss: 0, duplication: 0 };
const NETWORKS: readonly SimulatedNetwork[] = [
  CALM,
  { leastDelayUs: 100, mostDelayUs: 1_500, loss: 0, duplication: 0.05 },
  { leastDelayUs: 50, mostDelayUs: 500, loss: 0.03, duplication: 0.05 },
];

/** What a Byzantine client alone can bring about where one correct client works in a network that loses nothing. */
const SOMETIMES = [
  'qu.operation.inlineMethod',
  'qu.operation.barrier',
  'qu.operation.inlineBarrier',
  'qu.operation.copy',
  'qu.refused.misclassified',
  'qu.sync.started',
  'qu.sync.completed',
];

const TRICKS: readonly Trick[] = [
  'differentRequest',
  'spoiltEntries',
  'blanked',
  'outdated',
  'repairOfSameSet',
  'partOfQuorum',
];

function trialOf(seed: number): ByzantineTrial {
  const random = randomStream(seed, PLAN_STREAM);
  const clients = 1 + Math.floor(random() * 3);
  const network = NETWORKS[Math.floor(random() * NETWORKS.length)] ?? CALM;
  return { seed, clients, increments: 6, network, acts: 60 };
}

const reached = new Set<string>();
const accepted = new Set<string>();

test(`${TITLE}: correct clients end, the counter is linearizable, no timestamp stands for two versions`, () => {
  for (const seed of seedsUpTo(SEEDS)) {
    const trial = trialOf(seed);
    const { unfinished, check, conflicts, finalValue, byzantineIncrements, ...rest } = runByzantineTrial(trial);
    const replay = `seed ${seed}; ${replayCommand(seed, TITLE)}`;
    expect(unfinished ?? (check.outcome === 'ok' ? undefined : check.reason), replay).toBeUndefined();
    expect(conflicts, replay).toEqual([]);
    const honest = trial.clients * trial.increments;
    expect(finalValue, replay).toBeGreaterThanOrEqual(honest);
    expect(finalValue, replay).toBeLessThanOrEqual(honest + byzantineIncrements);
    for (const trick of rest.tricksAccepted) accepted.add(trick);
    if (finalValue > honest) accepted.add('increment');
    if (trial.clients === 1 && trial.network === CALM) for (const name of rest.counters.keys()) reached.add(name);
  }
});

test.skipIf(replaying)('the Byzantine client had its tricks accepted and forced every kind of repair', () => {
  expect([...TRICKS, 'increment'].filter((trick) => !accepted.has(trick))).toEqual([]);
  expect(SOMETIMES.filter((name) => !reached.has(name))).toEqual([]);
});

test.skipIf(replaying)('without it, on the same schedules, a correct client alone meets none of that', () => {
  const alone = seedsUpTo(SEEDS)
    .map(trialOf)
    .filter(({ clients, network }) => clients === 1 && network === CALM);
  for (const trial of alone) {
    const { unfinished, finalValue, counters } = runByzantineTrial({ ...trial, acts: 0 });
    expect(unfinished, `seed ${trial.seed}`).toBeUndefined();
    expect(finalValue, `seed ${trial.seed}`).toBe(trial.increments);
    expect(
      SOMETIMES.filter((name) => counters.has(name)),
      `seed ${trial.seed}`,
    ).toEqual([]);
  }
});
