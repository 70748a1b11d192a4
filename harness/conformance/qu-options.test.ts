import { describe, expect, test } from 'vitest';
import { registerable } from '../../src/kernel/erased-protocol.ts';
import { qu } from '../../src/qu/protocol.ts';
import { quDialect } from './testing/byzantine-dialects.ts';
import { runByzantineTrial } from './testing/byzantine-trial.ts';
import { replayCommand, seedsUpTo } from './testing/seeds.ts';
import type { SimulatedNetwork } from './testing/simulation.ts';
import { type SwitchCase, testSwitch } from './testing/switch-tests.ts';

/**
 * No optimisation of Q/U may be what makes it right: with each switched off, and with all of them off, every operation ends and every history
 * is linearizable, on the schedules of the conformance suite and beside a Byzantine client.
 */
const TRIALS: Readonly<Record<number, number>> = { 1: 100, 2: 40 };
const BYZANTINE_TRIALS = 40;
const TIMEOUT_MS = 120_000;

const INLINE = ['qu.operation.inlineMethod', 'qu.operation.inlineBarrier'];

const cases: readonly SwitchCase[] = [
  { name: 'inline repair off', options: { inlineRepair: false }, shows: ['qu.operation.copy'], hides: INLINE },
  { name: 'preferred quorum off', options: { preferredQuorum: false }, shows: ['qu.sync.completed'] },
  { name: 'cached history set off', options: { cachedHistorySet: false }, shows: ['qu.operation.historyQuery'] },
  {
    name: 'optimistic query off',
    options: { optimisticQuery: false },
    shows: ['qu.attempt.conditionedQuery', 'qu.operation.query'],
    hides: ['qu.attempt.query'],
  },
  { name: 'pruning off', options: { pruning: false, mostUnpruned: 4 } },
  { name: 'fixed back-off', options: { backoff: 'fixed' }, shows: ['client.backoffs'] },
  { name: 'no back-off', options: { backoff: 'none' }, hides: ['client.backoffs'] },
  {
    name: 'every optimisation off',
    options: {
      inlineRepair: false,
      preferredQuorum: false,
      cachedHistorySet: false,
      optimisticQuery: false,
      pruning: false,
    },
    hides: [...INLINE, 'qu.attempt.query'],
  },
];

const registered = registerable(qu);

describe.each(cases)('Q/U, $name', (each) => {
  const { name, options } = each;
  testSwitch(registered, each, TRIALS, TIMEOUT_MS);

  test(
    `${name}: whatever a Byzantine client sends, correct clients end and no timestamp stands for two versions`,
    () => {
      const network: SimulatedNetwork = { leastDelayUs: 100, mostDelayUs: 800, loss: 0.01, duplication: 0.03 };
      for (const seed of seedsUpTo(BYZANTINE_TRIALS)) {
        const trial = { seed, clients: 1 + (seed % 2), increments: 5, network, acts: 50, options };
        const { unfinished, check, conflicts, finalValue, byzantineIncrements } = runByzantineTrial(
          { definition: qu, dialectOf: quDialect },
          trial,
        );
        const replay = `seed ${seed}; ${replayCommand(seed, `${name}: whatever a Byzantine client sends`)}`;
        expect(unfinished ?? (check.outcome === 'ok' ? undefined : check.reason), replay).toBeUndefined();
        expect(conflicts, replay).toEqual([]);
        const honest = trial.clients * trial.increments;
        expect(finalValue, replay).toBeGreaterThanOrEqual(honest);
        expect(finalValue, replay).toBeLessThanOrEqual(honest + byzantineIncrements);
      }
    },
    TIMEOUT_MS,
  );
});
