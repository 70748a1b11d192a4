import { describe, expect, test } from 'vitest';
import { castOf } from './testing/cast.ts';
import { plantedDefects } from './testing/planted-defects.ts';
import { profileOf } from './testing/profiles.ts';
import { scheduleOf } from './testing/schedule.ts';
import { runTrial } from './testing/trial.ts';

/**
 * A check that never fails proves nothing: protocols with one mistake each must be found out by the history check on some seed, on
 * schedules that the protocol without the mistake passes, as it passes all that were tried before.
 */
const MOST_SEEDS = 200;

describe.each(plantedDefects)('$name', ({ protocol, faults, alter, cast }) => {
  test('the history check finds it, and passes the protocol without it on the same schedules', () => {
    const { variants } = profileOf(protocol.name);
    for (let seed = 1; seed <= MOST_SEEDS; seed++) {
      const schedule = alter(scheduleOf(protocol, faults, seed, variants));
      const honest = runTrial(castOf(protocol, schedule), schedule);
      expect(honest.check.outcome, `without the mistake, seed ${seed}`).toBe('ok');
      if (runTrial(cast(schedule), schedule).check.outcome === 'violation') return;
    }
    return expect.unreachable(`not found on seeds 1 … ${MOST_SEEDS}`);
  });
});
