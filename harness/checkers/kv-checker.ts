import type { Microseconds } from '../../src/kernel/time.ts';
import type { HistoryChecker } from './checker.ts';
import { checkEachObject } from './each-object.ts';
import { at, type OperationLog } from './operation-log.ts';
import { checkWriteOrder, describeOperation } from './write-order.ts';

const WORDS = { write: 'write', read: 'read', value: 'a key' } as const;

/**
 * Linearizability of keys, exactly and in O(n log n). A key's version counts its writes and comes with every result, so the order is
 * given, as with counters; a compare-and-swap that was refused is a read. Beside the order, every read must have seen the
 * very content that the write of its version wrote. Transfers, which work on two keys, must fit into one order of all
 * operations (see across-objects.ts).
 */
export const kvChecker: HistoryChecker = {
  summary:
    'linearizability: every write made a version of its own, none is missing, the order respects real time, reads saw what was written, operations of several keys have one order',
  check: (histories) =>
    checkEachObject(
      histories,
      WORDS,
      (log, operations, startUs) =>
        checkWriteOrder(log, operations, startUs, WORDS) ?? checkContents(log, operations, startUs),
    ),
};

function checkContents(log: OperationLog, operations: readonly number[], startUs: Microseconds): string | undefined {
  const describe = (operation: number) => describeOperation(log, operation, startUs, WORDS);
  const { byVersion, unknown } = writesAmong(log, operations);
  for (const operation of operations) {
    const content = at(log.content, operation);
    // A refused compare-and-swap shows a version without its content.
    if (at(log.read, operation) === 0 || content === 0) continue;
    const version = at(log.value, operation);
    const witness = byVersion.get(version);
    if (witness !== undefined && at(log.content, witness) !== content) {
      return `${describe(operation)} saw another content than ${describe(witness)}`;
    }
    if (witness === undefined && !unknown.has(content) && !unknown.has(0)) {
      return `${describe(operation)} saw a content that nobody wrote`;
    }
    // The write of this version has no known outcome: the first read speaks for it.
    if (witness === undefined) byVersion.set(version, operation);
  }
  return undefined;
}

/** The writes with a known outcome by their version, and the contents of the others; among them 0 if there is one whose content nobody knows. */
function writesAmong(log: OperationLog, operations: readonly number[]) {
  const byVersion = new Map<number, number>();
  const unknown = new Set<number>();
  for (const operation of operations) {
    if (at(log.read, operation) !== 0) continue;
    if (Number.isNaN(at(log.completedUs, operation))) unknown.add(at(log.content, operation));
    else byVersion.set(at(log.value, operation), operation);
  }
  return { byVersion, unknown };
}
