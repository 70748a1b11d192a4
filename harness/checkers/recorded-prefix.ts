import type { Microseconds } from '../../src/kernel/time.ts';
import type { DriverHistory, FurtherObjects } from '../workload/history.ts';

/**
 * What can be checked of histories that were cut: the operations that were invoked before the first of them was, of which those that had not
 * ended by then are of unknown outcome. Histories of which none was cut stay as they are.
 *
 * No history is refused that a correct service can have made. Every driver has recorded all that it invoked before the cut c, so that this is the
 * whole history up to c. Let S be an order of all operations, unrecorded ones too, which explains the whole history, and P its beginning up to the
 * last operation that had ended before c. Whatever is in P comes, in S, no later than one that ended before c; so it was not invoked after
 * that end, hence before c, and is one of ours. All that we take as known is in P. And a service that took the steps of P alone gave
 * the very results. So P explains what is left, with some of the operations of unknown outcome carried out, in P, and the others not
 * [Herlihy and Wing 1990, §2.1: linearizability is prefix-closed].
 *
 * What ended at c or later must not count as known: it may have seen what was invoked at c or later, which has no rows. Whether it left its
 * object as it was, and what it wrote if it did not, still holds, as it is a fact about its place in S.
 */
export function recordedPrefix(histories: readonly DriverHistory[]): readonly DriverHistory[] {
  const cutUs = Math.min(...histories.map(({ unrecorded }) => unrecorded?.cutUs ?? Number.POSITIVE_INFINITY));
  return cutUs === Number.POSITIVE_INFINITY ? histories : histories.map((history) => before(cutUs, history));
}

function before(cutUs: Microseconds, { unrecorded: _, ...history }: DriverHistory): DriverHistory {
  // Rows are in the order of invocation.
  let length = history.length;
  while (length > 0 && !((history.invokedUs[length - 1] ?? 0) < cutUs)) length--;
  const completedUs = history.completedUs.map((atUs) => (atUs < cutUs ? atUs : Number.NaN));
  const value = history.value.map((known, row) => (Number.isNaN(completedUs[row]) ? Number.NaN : known));
  return { ...history, length, completedUs, value, further: furtherBefore(length, history.further, completedUs) };
}

function furtherBefore(rows: number, further: FurtherObjects, completedUs: Float64Array): FurtherObjects {
  let length = further.length;
  while (length > 0 && (further.row[length - 1] ?? 0) >= rows) length--;
  const value = further.value.map((known, index) =>
    Number.isNaN(completedUs[further.row[index] ?? 0]) ? Number.NaN : known,
  );
  return { ...further, length, value };
}
