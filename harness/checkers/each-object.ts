import type { Microseconds } from '../../src/kernel/time.ts';
import type { DriverHistory } from '../workload/history.ts';
import type { CheckOutcome } from './checker.ts';
import { at, impossibleTimes, mergeHistories, type OperationLog, startOf } from './operation-log.ts';

/** Beyond this the check would need more memory than a run should take: some 100 bytes an operation in columns and lists. */
const MOST_OPERATIONS = 20_000_000;

/** What is wrong with the operations of one object, or undefined. `startUs` is where a message's times count from. */
export type ObjectCheck = (
  log: OperationLog,
  operations: readonly number[],
  startUs: Microseconds,
) => string | undefined;

/** Checks objects one by one, which suffices because linearizability is local [Herlihy and Wing 1990, §3.2]. */
export function checkEachObject(histories: readonly DriverHistory[], check: ObjectCheck): CheckOutcome {
  const operations = histories.reduce((sum, history) => sum + history.length, 0);
  if (operations > MOST_OPERATIONS) {
    return { outcome: 'unknown', operations, reason: `more than ${MOST_OPERATIONS} operations to check` };
  }
  const log = mergeHistories(histories);
  const damage = impossibleTimes(log);
  if (damage !== undefined) return { outcome: 'violation', operations, reason: damage };
  const startUs = startOf(log);
  for (const [object, members] of byObject(log)) {
    const reason = check(log, members, startUs);
    if (reason === undefined) continue;
    return { outcome: 'violation', operations, reason: `${log.objects[object] ?? object}: ${reason}` };
  }
  return { outcome: 'ok', operations };
}

/** Operations of each object, in the order in which the log first names them. */
function byObject(log: OperationLog): ReadonlyMap<number, number[]> {
  const groups = new Map<number, number[]>();
  for (let operation = 0; operation < log.length; operation++) {
    const object = at(log.object, operation);
    const group = groups.get(object);
    if (group === undefined) groups.set(object, [operation]);
    else group.push(operation);
  }
  return groups;
}
