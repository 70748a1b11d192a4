import { describe, expect, test } from 'vitest';
import { protocols } from '../../baselines/registry.ts';
import { castOf } from './testing/cast.ts';
import { faultsTried } from './testing/faults-tried.ts';
import { profiledSchedule, profileOf } from './testing/profiles.ts';
import { replayCommand, replaying, seedsUpTo, timeoutFor } from './testing/seeds.ts';
import { runTrial } from './testing/trial.ts';

/**
 * Every registered protocol under seeded schedules in simulation: several clients on private and shared counters; messages delayed,
 * overtaken, lost, duplicated, forged; replicas crashed, started again empty, lying, cut off for a while; clients that vanish in the middle. Every operation
 * of a client that stays must end, and the history must be linearizable.
 */
const TRIALS: Readonly<Record<number, number>> = { 0: 200, 1: 800, 2: 300 };
/** Ten seconds each on two busy cores. */
const TIMEOUT_MS = 120_000;

describe.each(protocols)('$name', (protocol) => {
  const { sometimes } = profileOf(protocol.name);
  const reached = new Map<string, number>();

  describe.each(faultsTried(protocol))('f=%i', (faults) => {
    const trials = TRIALS[faults] ?? 100;
    test(
      `${protocol.name} f=${faults}: every history is linearizable, every operation ends`,
      () => {
        for (const seed of seedsUpTo(trials)) {
          const schedule = profiledSchedule(protocol, faults, seed);
          const { unfinished, check, counters } = runTrial(castOf(protocol, schedule), schedule);
          const reason = unfinished ?? (check.outcome === 'ok' ? undefined : check.reason);
          expect(reason, `seed ${seed}; ${replayCommand(seed, `${protocol.name} f=${faults}`)}`).toBeUndefined();
          for (const [name, amount] of counters) reached.set(name, (reached.get(name) ?? 0) + amount);
        }
      },
      timeoutFor(trials, TIMEOUT_MS),
    );
  });

  test.skipIf(replaying)(
    `${protocol.name}: the schedules reached every interesting state (not asked of one replayed seed)`,
    () => {
      expect(sometimes.filter((name) => !reached.has(name))).toEqual([]);
    },
  );
});
