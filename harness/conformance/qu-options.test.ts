import { describe, expect, test } from 'vitest';
import { registerable } from '../../src/kernel/erased-protocol.ts';
import { qu } from '../../src/qu/protocol.ts';
import type { SimulatedNetwork } from '../runtimes/sim/simulation.ts';
import { quDialect } from './testing/byzantine-dialects.ts';
import { runByzantineTrial } from './testing/byzantine-trial.ts';
import { castOf } from './testing/cast.ts';
import { scheduleOf } from './testing/schedule.ts';
import { replayCommand, replaying, seedsUpTo } from './testing/seeds.ts';
import { runTrial } from './testing/trial.ts';

/**
 * No optimisation of Q/U may be what makes it right: with each switched off, and with all of them off, every operation ends and every history
 * is linearizable, on the schedules of the conformance suite and beside a Byzantine client.
 */
const TRIALS: Readonly<Record<number, number>> = { 1: 100, 2: 40 };
const BYZANTINE_TRIALS = 40;
const TIMEOUT_MS = 120_000;

interface Case {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Counters that the switch must have raised … */
  readonly shows?: readonly string[];
  /** … and those that it must not. */
  readonly hides?: readonly string[];
}

const INLINE = ['qu.operation.inlineMethod', 'qu.operation.inlineBarrier'];

const cases: readonly Case[] = [
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

describe.each(cases)('Q/U, $name', ({ name, options, shows = [], hides = [] }) => {
  const reached = new Set<string>();

  test.each([1, 2])(
    `${name}, f=%i: every history is linearizable, every operation ends`,
    (faults) => {
      for (const seed of seedsUpTo(TRIALS[faults] ?? 0)) {
        const schedule = scheduleOf(registered, faults, seed, [options]);
        const { unfinished, check, counters } = runTrial(castOf(registered, schedule), schedule);
        const reason = unfinished ?? (check.outcome === 'ok' ? undefined : check.reason);
        expect(reason, `seed ${seed}; ${replayCommand(seed, `${name}, f=${faults}`)}`).toBeUndefined();
        for (const counter of counters.keys()) reached.add(counter);
      }
    },
    TIMEOUT_MS,
  );

  test.skipIf(replaying)('the switch took effect', () => {
    expect(shows.filter((counter) => !reached.has(counter))).toEqual([]);
    expect(hides.filter((counter) => reached.has(counter))).toEqual([]);
  });

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
