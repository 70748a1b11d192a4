import type { HistoryChecker } from './checker.ts';
import { counterChecker } from './counter-checker.ts';
import { kvChecker } from './kv-checker.ts';
import { nfsChecker } from './nfs-checker.ts';
import { recordedPrefix } from './recorded-prefix.ts';
import { timesChecker } from './times-checker.ts';

const checkers: ReadonlyMap<string, HistoryChecker> = new Map([
  ['counter', counterChecker],
  ['kv', kvChecker],
  ['nfs', nfsChecker],
  ['null', timesChecker],
]);

/** A service nobody wrote a checker for: its runs are of unknown validity. */
function uncheckable(service: string): HistoryChecker {
  return {
    summary: 'none',
    check: (histories) => ({
      outcome: 'unknown',
      operations: histories.reduce((sum, history) => sum + history.length, 0),
      reason: `there is no history check for service '${service}'`,
    }),
  };
}

/** Of histories that were cut, it reads what can be checked. */
export function checkerFor(service: string): HistoryChecker {
  const { summary, check } = checkers.get(service) ?? uncheckable(service);
  return { summary, check: (histories) => check(recordedPrefix(histories)) };
}
