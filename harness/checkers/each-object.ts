import type { Microseconds } from '../../src/kernel/time.ts';
import type { DriverHistory } from '../workload/history.ts';
import { contradictionAcross } from './across-objects.ts';
import type { CheckOutcome } from './checker.ts';
import { entriesByObject, impossibleTimes, mergeHistories, type OperationLog, startOf } from './operation-log.ts';
import type { Words } from './write-order.ts';

/** Beyond this the check would need more memory than a run should take: some 100 bytes an operation in columns and lists. */
const MOST_OPERATIONS = 20_000_000;
/** As above where operations work on several objects: some 500 bytes for the order across them. */
const MOST_OPERATIONS_ACROSS = 4_000_000;

/** What is wrong with the operations of one object, or undefined. `startUs` is where a message's times count from. */
export type ObjectCheck = (
  log: OperationLog,
  operations: readonly number[],
  startUs: Microseconds,
) => string | undefined;

/**
 * Checks objects one by one, which suffices for operations of one object because linearizability is local [Herlihy and Wing 1990, §3.2]; then
 * whether operations of several objects fit together.
 */
export function checkEachObject(histories: readonly DriverHistory[], words: Words, check: ObjectCheck): CheckOutcome {
  const operations = histories.reduce((sum, history) => sum + history.length, 0);
  const most = histories.some(({ further }) => further.length > 0) ? MOST_OPERATIONS_ACROSS : MOST_OPERATIONS;
  if (operations > most) return { outcome: 'unknown', operations, reason: `more than ${most} operations to check` };
  const log = mergeHistories(histories);
  const damage = impossibleTimes(log);
  if (damage !== undefined) return { outcome: 'violation', operations, reason: damage };
  const startUs = startOf(log);
  for (const [object, members] of entriesByObject(log)) {
    const reason = check(log, members, startUs);
    if (reason === undefined) continue;
    return { outcome: 'violation', operations, reason: `${log.objects[object] ?? object}: ${reason}` };
  }
  const contradiction = contradictionAcross(log, startUs, words);
  if (contradiction !== undefined) return { outcome: 'violation', operations, reason: contradiction };
  return { outcome: 'ok', operations };
}
