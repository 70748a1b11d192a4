import { describe, expect, test } from 'vitest';
import { castOf } from './testing/cast.ts';
import { plantedDefects } from './testing/planted-defects.ts';
import { profileOf } from './testing/profiles.ts';
import { scheduleOf } from './testing/schedule.ts';
import { runTrial, type TrialOutcome } from './testing/trial.ts';

/**
 * A check that never fails proves nothing: protocols with one mistake each must be found out on some seed, by the history check or by an
 * operation that does not end, on schedules that the protocol without the mistake passes, as it passes all that were tried before.
 */
const MOST_SEEDS = 200;
/** A few seconds where the processors are not shared; the rarest mistakes take most. */
const TIMEOUT_MS = 180_000;

describe.each(plantedDefects)('$name', ({ protocol, faults, breaks, alter, cast }) => {
  const isFound = ({ check, unfinished }: TrialOutcome) =>
    breaks === 'history' ? check.outcome === 'violation' : unfinished !== undefined;

  test(
    'a trial finds it, and passes the protocol without it on the same schedules',
    () => {
      const { variants } = profileOf(protocol.name);
      for (let seed = 1; seed <= MOST_SEEDS; seed++) {
        const schedule = alter(scheduleOf(protocol, faults, seed, variants));
        const honest = runTrial(castOf(protocol, schedule), schedule);
        expect(honest.check.outcome, `without the mistake, seed ${seed}`).toBe('ok');
        if (breaks === 'progress') expect(honest.unfinished, `without the mistake, seed ${seed}`).toBeUndefined();
        if (isFound(runTrial(cast(schedule), schedule))) return;
      }
      return expect.unreachable(`not found on seeds 1 … ${MOST_SEEDS}`);
    },
    TIMEOUT_MS,
  );
});
