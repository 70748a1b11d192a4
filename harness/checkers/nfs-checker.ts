import type { HistoryChecker } from './checker.ts';
import { checkEachObject } from './each-object.ts';
import { checkWriteOrder } from './write-order.ts';

const WORDS = { write: 'update', read: 'read', value: 'a file or directory' } as const;

/**
 * Strict serializability of a tree, as far as the versions of its files and directories tell, which come with every result: every update made a
 * version of its own of each of its objects, and all of them fit into one order that respects real time (see across-objects.ts). What was
 * read is not compared with what was written.
 */
export const nfsChecker: HistoryChecker = {
  summary:
    'strict serializability: every update made a version of its own of each object, none is missing, one order of all respects real time',
  check: (histories) =>
    checkEachObject(histories, WORDS, (log, operations, startUs) => checkWriteOrder(log, operations, startUs, WORDS)),
};
