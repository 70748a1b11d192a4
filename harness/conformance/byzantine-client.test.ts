import { describe, expect, test } from 'vitest';
import type { Authentication } from '../../src/kernel/authentication.ts';
import { isClient } from '../../src/kernel/identifiers.ts';
import type { ProtocolDefinition } from '../../src/kernel/protocol.ts';
import { alteredContext } from '../../src/kernel/testing/altered-context.ts';
import { qu } from '../../src/qu/protocol.ts';
import { rcw } from '../../src/rcw/protocol.ts';
import { randomStream } from '../node/random.ts';
import { uncheckedAuthentication } from './testing/altered-authentication.ts';
import { DigestBlindReplica } from './testing/broken-rcw.ts';
import { quDialect, rcwDialect } from './testing/byzantine-dialects.ts';
import type { Trick } from './testing/byzantine-object-client.ts';
import { type ByzantineOutcome, type ByzantineTrial, runByzantineTrial } from './testing/byzantine-trial.ts';
import { replayCommand, replaying, seedsUpTo } from './testing/seeds.ts';
import type { SimulatedNetwork } from './testing/simulation.ts';

/**
 * The promise of Q/U and of Read/Conditional-Write about clients: a faulty one may write what it is allowed to write, but it may not make correct replicas diverge, nor keep
 * correct clients from ending once it leaves the object alone [QU §2]. Here one with keys of its own works on the counter of correct
 * clients, sending every replica something else.
 */
const SEEDS = 200;
const TITLE = 'a Byzantine client sends what it likes';
const PLAN_STREAM = -9;

const CALM: SimulatedNetwork = { leastDelayUs: 100, mostDelayUs: 150, loss: 0, duplication: 0 };
const NETWORKS: readonly SimulatedNetwork[] = [
  CALM,
  { leastDelayUs: 100, mostDelayUs: 1_500, loss: 0, duplication: 0.05 },
  { leastDelayUs: 50, mostDelayUs: 500, loss: 0.03, duplication: 0.05 },
];

/** What a Byzantine client alone can bring about where one correct client works in a network that loses nothing. */
const SOMETIMES = [
  'operation.inlineMethod',
  'operation.barrier',
  'operation.inlineBarrier',
  'operation.copy',
  'refused.misclassified',
  'sync.started',
  'sync.completed',
];

interface Subject {
  readonly name: string;
  readonly run: (trial: ByzantineTrial) => ByzantineOutcome;
  readonly sometimes: readonly string[];
}

const subjects: readonly Subject[] = [
  {
    name: 'qu',
    run: (trial) => runByzantineTrial({ definition: qu, dialectOf: quDialect }, trial),
    sometimes: SOMETIMES.map((event) => `qu.${event}`),
  },
  {
    name: 'rcw',
    run: (trial) => runByzantineTrial({ definition: rcw, dialectOf: rcwDialect }, trial),
    // Tables with operations that others never did, and what is no value.
    sometimes: [...SOMETIMES.map((event) => `rcw.${event}`), 'rcw.refused.notAllowed', 'ignored.malformed'],
  },
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

/** Runs the seed's trial and expects of it what a Byzantine client must not be able to prevent. */
function survive({ name, run }: Subject, seed: number): { trial: ByzantineTrial; outcome: ByzantineOutcome } {
  const trial = trialOf(seed);
  const outcome = run(trial);
  const { unfinished, check, conflicts, finalValue, byzantineIncrements } = outcome;
  const replay = `seed ${seed}; ${replayCommand(seed, `${name}: ${TITLE}`)}`;
  expect(unfinished ?? (check.outcome === 'ok' ? undefined : check.reason), replay).toBeUndefined();
  expect(conflicts, replay).toEqual([]);
  const honest = trial.clients * trial.increments;
  expect(finalValue, replay).toBeGreaterThanOrEqual(honest);
  expect(finalValue, replay).toBeLessThanOrEqual(honest + byzantineIncrements);
  return { trial, outcome };
}

describe.each(subjects)('$name', (subject) => {
  const { name, run, sometimes } = subject;
  const reached = new Set<string>();
  const accepted = new Set<string>();

  test(`${name}: ${TITLE}: correct clients end, the counter is linearizable, no timestamp stands for two versions`, () => {
    for (const seed of seedsUpTo(SEEDS)) {
      const { trial, outcome } = survive(subject, seed);
      for (const trick of outcome.tricksAccepted) accepted.add(trick);
      if (outcome.finalValue > trial.clients * trial.increments) accepted.add('increment');
      if (trial.clients !== 1 || trial.network !== CALM) continue;
      for (const counter of outcome.counters.keys()) reached.add(counter);
    }
  });

  test.skipIf(replaying)('the Byzantine client had its tricks accepted and forced every kind of repair', () => {
    expect([...TRICKS, 'increment'].filter((trick) => !accepted.has(trick))).toEqual([]);
    expect(sometimes.filter((name) => !reached.has(name))).toEqual([]);
  });

  test.skipIf(replaying)('without it, on the same schedules, a correct client alone meets none of that', () => {
    const alone = seedsUpTo(SEEDS)
      .map(trialOf)
      .filter(({ clients, network }) => clients === 1 && network === CALM);
    for (const trial of alone) {
      const { unfinished, finalValue, counters } = run({ ...trial, acts: 0 });
      expect(unfinished, `seed ${trial.seed}`).toBeUndefined();
      expect(finalValue, `seed ${trial.seed}`).toBe(trial.increments);
      expect(
        sometimes.filter((name) => counters.has(name)),
        `seed ${trial.seed}`,
      ).toEqual([]);
    }
  });
});

/** The check that is left out here is one that no history shows: what stands for two values need not be read. */
test.skipIf(replaying)("rcw: replicas do not check a value's digest (planted mistake)", () => {
  const createReplica: (typeof rcw)['createReplica'] = (deployment, context) =>
    new DigestBlindReplica(deployment, context);
  const conflicting = (seed: number): boolean =>
    runByzantineTrial({ definition: { ...rcw, createReplica }, dialectOf: rcwDialect }, trialOf(seed)).conflicts
      .length > 0;
  expect(seedsUpTo(SEEDS).some(conflicting)).toBe(true);
});

/** A replica with one check less: it takes every entry of others' authenticators for right, and clients' tags as it should. */
function credulousOfEntries<Message, Options>(
  definition: ProtocolDefinition<Message, Options>,
): ProtocolDefinition<Message, Options> {
  return {
    ...definition,
    createReplica(deployment, context) {
      const { authentication } = context;
      const unchecked = uncheckedAuthentication(authentication);
      const verify: Authentication['verify'] = (peer, bytes, tags, offset) =>
        (isClient(peer) ? authentication : unchecked).verify(peer, bytes, tags, offset);
      return definition.createReplica(
        deployment,
        alteredContext(context, { authentication: { ...unchecked, verify } }),
      );
    },
  };
}

test.skipIf(replaying)('qu: replicas do not check the entries of authenticators (planted mistake)', () => {
  const broken = { definition: credulousOfEntries(qu), dialectOf: quDialect };
  expect(seedsUpTo(SEEDS).some((seed) => isViolated(runByzantineTrial(broken, trialOf(seed))))).toBe(true);
});

test.skipIf(replaying)('rcw: replicas do not check the entries of authenticators (planted mistake)', () => {
  const broken = { definition: credulousOfEntries(rcw), dialectOf: rcwDialect };
  expect(seedsUpTo(SEEDS).some((seed) => isViolated(runByzantineTrial(broken, trialOf(seed))))).toBe(true);
});

function isViolated({ check }: ByzantineOutcome): boolean {
  return check.outcome === 'violation';
}
