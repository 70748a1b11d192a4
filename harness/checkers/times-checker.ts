import type { HistoryChecker } from './checker.ts';
import { impossibleTimes, mergeHistories } from './operation-log.ts';

/**
 * For services whose results say nothing about order: whether every operation that ended had begun before. That all operations have
 * an outcome is checked for every service, by the verdict.
 */
export const timesChecker: HistoryChecker = {
  summary: 'completeness only: its results tell nothing about order',
  check(histories) {
    const log = mergeHistories(histories);
    const reason = impossibleTimes(log);
    if (reason !== undefined) return { outcome: 'violation', operations: log.length, reason };
    return { outcome: 'ok', operations: log.length };
  },
};
