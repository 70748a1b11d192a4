import type { HistoryChecker } from './checker.ts';
import { checkEachObject } from './each-object.ts';
import { checkWriteOrder } from './write-order.ts';

const WORDS = { write: 'increment', read: 'fetch', value: 'a counter' } as const;

/**
 * Linearizability of counters, exactly and in O(n log n). The values give the order away: an increment that returned v is
 * the v-th, a fetch that returned v stands between the v-th and the next. What is left to check is that every value up to the largest was
 * given once, and that no operation had ended before one of a lower place was invoked.
 */
export const counterChecker: HistoryChecker = {
  summary:
    'linearizability: every increment returned a value of its own, none is missing, the order respects real time',
  check: (histories) =>
    checkEachObject(histories, WORDS, (log, operations, startUs) => checkWriteOrder(log, operations, startUs, WORDS)),
};
