import { describe, expect, test } from 'vitest';
import { pbft } from '../../baselines/pbft/protocol.ts';
import type { ProtocolDefinition } from '../../src/kernel/protocol.ts';
import { qu } from '../../src/qu/protocol.ts';
import { rcw } from '../../src/rcw/protocol.ts';
import { careless, denying } from './testing/joint-adversaries.ts';
import { type LedgerAdversaries, type LedgerOutcome, runLedger } from './testing/ledger-trial.ts';
import { replayCommand, replaying, seedsUpTo } from './testing/seeds.ts';

/**
 * Operations over one to three of four accounts, all clients on the same ones, in simulation: messages delayed, lost, twice; clients that vanish in
 * the middle. Every operation of a client that stays ends, no version is made twice, and in the end no money has come or gone, which it
 * would have if an operation had been done to some of its accounts only.
 */
const TIMEOUT_MS = 240_000;
const TRIALS = 10;

/** Runs trials until one goes wrong; the event counters of all. */
function runTrials(title: string, run: (seed: number) => LedgerOutcome, trials = TRIALS): ReadonlyMap<string, number> {
  const reached = new Map<string, number>();
  for (const seed of seedsUpTo(trials)) {
    const { finished, sum, madeTwice, unexplained, counters } = run(seed);
    expect({ finished, sum, madeTwice, unexplained }, `seed ${seed}; ${replayCommand(seed, title)}`).toEqual({
      finished: true,
      sum: 0,
      madeTwice: [],
      unexplained: 0,
    });
    for (const [name, amount] of counters) reached.set(name, (reached.get(name) ?? 0) + amount);
  }
  return reached;
}

test(
  'PBFT moves money whole or not at all',
  () => {
    runTrials('PBFT moves', (seed) => runLedger(pbft, seed));
  },
  TIMEOUT_MS,
);

function testJoint<Message extends { readonly type: string }, Options>(
  definition: ProtocolDefinition<Message, Options>,
) {
  const { name } = definition;
  const cases: readonly [string, LedgerAdversaries<Message>, Readonly<Record<string, unknown>>, number][] = [
    ['correct clients and replicas', {}, {}, TRIALS],
    ['a Byzantine client', { client: careless }, {}, TRIALS],
    ['a replica that denies what it has accepted', { replica: denying }, {}, TRIALS],
    ['both', { client: careless, replica: denying }, { leastBackoffUs: 100 }, TRIALS],
    // Five clients at the same objects have a hard time of it.
    ['inline repair off', { client: careless }, { inlineRepair: false }, 4],
    ['preferred quorum off', {}, { preferredQuorum: false }, TRIALS],
    ['pruning off', { client: careless }, { pruning: false, mostUnpruned: 4 }, TRIALS],
  ];

  describe(name, () => {
    const reached = new Set<string>();

    test.each(cases)(
      `${name} moves money whole or not at all: %s`,
      (title, adversaries, options, trials) => {
        const counters = runTrials(
          `${name} .*${title}`,
          (seed) => runLedger(definition, seed, adversaries, options),
          trials,
        );
        for (const event of counters.keys()) reached.add(event);
      },
      TIMEOUT_MS,
    );

    test.skipIf(replaying)('the trials reached every joint step', () => {
      const steps = ['method', 'inlineMethod', 'copy', 'barrier'].map((type) => `${name}.operation.joint.${type}`);
      expect([...steps, `${name}.refused.open`, `${name}.doubts`].filter((step) => !reached.has(step))).toEqual([]);
    });
  });
}

testJoint(qu);
testJoint(rcw);
