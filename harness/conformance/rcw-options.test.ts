import { describe, expect, test } from 'vitest';
import { registerable } from '../../src/kernel/erased-protocol.ts';
import { rcw } from '../../src/rcw/protocol.ts';
import { castOf } from './testing/cast.ts';
import { scheduleOf } from './testing/schedule.ts';
import { replayCommand, replaying, seedsUpTo } from './testing/seeds.ts';
import { runTrial } from './testing/trial.ts';

/** The switches that Read/Conditional-Write shares with Q/U take effect in it, too, and none of them is what makes it right. */
const TRIALS = 40;
const TIMEOUT_MS = 120_000;

interface Case {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Counters that the switch must have raised … */
  readonly shows?: readonly string[];
  /** … and those that it must not. */
  readonly hides?: readonly string[];
}

const INLINE = ['rcw.operation.inlineMethod', 'rcw.operation.inlineBarrier'];

const cases: readonly Case[] = [
  { name: 'inline repair off', options: { inlineRepair: false }, shows: ['rcw.operation.copy'], hides: INLINE },
  { name: 'preferred quorum off', options: { preferredQuorum: false }, shows: ['rcw.sync.completed'] },
  { name: 'pruning off', options: { pruning: false, mostUnpruned: 4 } },
  { name: 'no back-off', options: { backoff: 'none' }, hides: ['client.backoffs'] },
  {
    name: 'all of them off, writing from the cache',
    options: { inlineRepair: false, preferredQuorum: false, pruning: false, writeFromCache: true },
    hides: INLINE,
  },
];

const registered = registerable(rcw);

describe.each(cases)('Read/Conditional-Write, $name', ({ name, options, shows = [], hides = [] }) => {
  const reached = new Set<string>();

  test(
    `${name}: every history is linearizable, every operation ends`,
    () => {
      for (const seed of seedsUpTo(TRIALS)) {
        const schedule = scheduleOf(registered, 1, seed, [options]);
        const { unfinished, check, counters } = runTrial(castOf(registered, schedule), schedule);
        const reason = unfinished ?? (check.outcome === 'ok' ? undefined : check.reason);
        expect(reason, `seed ${seed}; ${replayCommand(seed, name)}`).toBeUndefined();
        for (const counter of counters.keys()) reached.add(counter);
      }
    },
    TIMEOUT_MS,
  );

  test.skipIf(replaying)('the switch took effect', () => {
    expect(shows.filter((counter) => !reached.has(counter))).toEqual([]);
    expect(hides.filter((counter) => reached.has(counter))).toEqual([]);
  });
});
