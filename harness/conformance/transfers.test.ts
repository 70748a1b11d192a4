import { describe, expect, test } from 'vitest';
import { protocols } from '../../baselines/registry.ts';
import { balanceOf } from '../../src/services/transfer.ts';
import { decodeResult, makeState } from '../../src/services/versioned-value.ts';
import { castOf } from './testing/cast.ts';
import { faultsTried } from './testing/faults-tried.ts';
import { profiledSchedule } from './testing/profiles.ts';
import { withTransfers } from './testing/schedule.ts';
import { replayCommand, replaying, seedsUpTo, timeoutFor } from './testing/seeds.ts';
import { runTrial } from './testing/trial.ts';

/**
 * The schedules of the safety tests with clients that transfer between few keys: every operation ends, all of them are strictly serializable,
 * and where nothing but transfers was carried out, the balances add up to what they were before: nothing.
 */
const TRIALS: Readonly<Record<number, number>> = { 0: 200, 1: 100, 2: 30 };
const TIMEOUT_MS = 60_000;

/** Modulo 2^64; of the results of reads of all keys. */
function sumOfBalances(results: readonly Uint8Array[]): bigint {
  let sum = 0n;
  for (const bytes of results) {
    const { version, payload } = decodeResult(bytes) ?? {};
    if (version === undefined || payload === undefined) throw new Error('no result of a read');
    sum += balanceOf(makeState(version, payload)) ?? 0n;
  }
  return BigInt.asUintN(64, sum);
}

describe.each(protocols)('$name', (protocol) => {
  describe.each(faultsTried(protocol))('f=%i', (faults) => {
    const trials = TRIALS[faults] ?? 100;
    let sums = 0;

    test(
      `${protocol.name} f=${faults}: transfers are strictly serializable, and every operation ends`,
      () => {
        for (const seed of seedsUpTo(trials)) {
          const schedule = withTransfers(profiledSchedule(protocol, faults, seed));
          const { unfinished, check, finalState } = runTrial(castOf(protocol, schedule), schedule);
          const reason = unfinished ?? (check.outcome === 'ok' ? undefined : check.reason);
          const replay = `seed ${seed}; ${replayCommand(seed, `${protocol.name} f=${faults}: transfers`)}`;
          expect(reason, replay).toBeUndefined();
          if (schedule.transfers?.share !== 1 || finalState === undefined) continue;
          expect(sumOfBalances(finalState), replay).toBe(0n);
          sums++;
        }
      },
      timeoutFor(trials, TIMEOUT_MS),
    );

    test.skipIf(replaying)('the balances of many trials were added up', () => {
      expect(sums).toBeGreaterThan(trials / 10);
    });
  });
});
