import { afterEach, describe, expect, test, vi } from 'vitest';
import { protocols } from '../../baselines/registry.ts';
import { castOf } from './testing/cast.ts';
import { faultsTried } from './testing/faults-tried.ts';
import { profileOf } from './testing/profiles.ts';
import { scheduleOf } from './testing/schedule.ts';
import { runTrial } from './testing/trial.ts';

/** A participant is a state machine: the same events give the same effects, and nothing but its context tells it anything. */
const SEEDS = [1, 2, 3, 4, 5, 6];

afterEach(() => vi.restoreAllMocks());

describe.each(protocols)('$name', (protocol) => {
  const [faults = 0] = faultsTried(protocol);
  const { variants } = profileOf(protocol.name);
  const trial = (seed: number) => {
    const schedule = scheduleOf(protocol, faults, seed, variants);
    const { check, counters, operations } = runTrial(castOf(protocol, schedule), schedule);
    return { check, counters: [...counters].sort(), operations };
  };

  test.each(SEEDS)('seed %i gives the same run twice', (seed) => expect(trial(seed)).toEqual(trial(seed)));

  test('different seeds give different runs', () => {
    expect(new Set(SEEDS.map((seed) => JSON.stringify(trial(seed)))).size).toBe(SEEDS.length);
  });

  test('asks no clock, sets no timer and draws no number of its own', () => {
    const forbidden = [
      vi.spyOn(Math, 'random'),
      vi.spyOn(Date, 'now'),
      vi.spyOn(performance, 'now'),
      vi.spyOn(globalThis, 'setTimeout'),
      vi.spyOn(globalThis, 'setInterval'),
      vi.spyOn(globalThis, 'setImmediate'),
      vi.spyOn(globalThis, 'queueMicrotask'),
    ];
    for (const seed of SEEDS) trial(seed);
    for (const spy of forbidden) expect(spy).not.toHaveBeenCalled();
  });
});
