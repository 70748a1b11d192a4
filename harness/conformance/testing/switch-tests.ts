import { expect, test } from 'vitest';
import type { Protocol } from '../../../src/kernel/erased-protocol.ts';
import { castOf } from './cast.ts';
import { scheduleOf } from './schedule.ts';
import { replayCommand, replaying, seedsUpTo, timeoutFor } from './seeds.ts';
import { runTrial } from './trial.ts';

/** A protocol's options with something switched off, and how that shows. */
export interface SwitchCase {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Counters that the switch must have raised … */
  readonly shows?: readonly string[];
  /** … and those that it must not. */
  readonly hides?: readonly string[];
}

/** The trials of the conformance suite under a case's options, so many seeds for each f. */
export function testSwitch(
  protocol: Protocol,
  { name, options, shows = [], hides = [] }: SwitchCase,
  trials: Readonly<Record<number, number>>,
  timeoutMs: number,
): void {
  const reached = new Set<string>();

  test.each(Object.keys(trials).map(Number))(
    `${name}, f=%i: every history is linearizable, every operation ends`,
    (faults) => {
      for (const seed of seedsUpTo(trials[faults] ?? 0)) {
        const schedule = scheduleOf(protocol, faults, seed, [options]);
        const { unfinished, check, counters } = runTrial(castOf(protocol, schedule), schedule);
        const reason = unfinished ?? (check.outcome === 'ok' ? undefined : check.reason);
        expect(reason, `seed ${seed}; ${replayCommand(seed, `${name}, f=${faults}`)}`).toBeUndefined();
        for (const counter of counters.keys()) reached.add(counter);
      }
    },
    timeoutFor(Math.min(...Object.values(trials)), timeoutMs),
  );

  test.skipIf(replaying)('the switch took effect', () => {
    expect(shows.filter((counter) => !reached.has(counter))).toEqual([]);
    expect(hides.filter((counter) => reached.has(counter))).toEqual([]);
  });
}
