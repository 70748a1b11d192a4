import type { HistoryChecker } from './checker.ts';
import { checkCounterObject } from './counter-object.ts';
import { at, impossibleTimes, mergeHistories, type OperationLog, startOf } from './operation-log.ts';

/** Beyond this the check would need more memory than a run should take: some 100 bytes an operation in columns and lists. */
const MOST_OPERATIONS = 20_000_000;

/**
 * Linearizability of counters, exactly and in O(n log n). The values give the order away: an increment that returned v is
 * the v-th, a fetch that returned v stands between the v-th and the next. What is left to check is that every value up to the largest was
 * given once, and that no operation had ended before one of a lower place was invoked. Objects are checked one by one, which suffices
 * because linearizability is local [Herlihy and Wing 1990, §3.2].
 */
export const counterChecker: HistoryChecker = {
  summary:
    'linearizability: every increment returned a value of its own, none is missing, the order respects real time',
  check(histories) {
    const operations = histories.reduce((sum, history) => sum + history.length, 0);
    if (operations > MOST_OPERATIONS) {
      return { outcome: 'unknown', operations, reason: `more than ${MOST_OPERATIONS} operations to check` };
    }
    const log = mergeHistories(histories);
    const damage = impossibleTimes(log);
    if (damage !== undefined) return { outcome: 'violation', operations, reason: damage };
    const startUs = startOf(log);
    for (const [object, members] of byObject(log)) {
      const reason = checkCounterObject(log, members, startUs);
      if (reason !== undefined) return { outcome: 'violation', operations, reason: `object ${object}: ${reason}` };
    }
    return { outcome: 'ok', operations };
  },
};

/** Operations of each object, objects in rising order. */
function byObject(log: OperationLog): readonly (readonly [number, number[]])[] {
  const groups = new Map<number, number[]>();
  for (let operation = 0; operation < log.length; operation++) {
    const object = at(log.object, operation);
    const group = groups.get(object);
    if (group === undefined) groups.set(object, [operation]);
    else group.push(operation);
  }
  return [...groups].sort(([a], [b]) => a - b);
}
