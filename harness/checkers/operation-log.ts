import type { Microseconds } from '../../src/kernel/time.ts';
import type { DriverHistory } from '../workload/history.ts';
import { Numbering } from '../workload/numbering.ts';

/**
 * The operations of all drivers in one set of columns, an entry for each object that an operation worked on. An operation is the index of its
 * first entry; those of all first objects come before those of further ones.
 */
export interface OperationLog {
  /** Entries. */
  readonly length: number;
  readonly operations: number;
  /** The operation of each entry from `operations` on. */
  readonly operationOfFurther: Uint32Array;
  readonly invokedUs: Float64Array;
  /** NaN: outcome unknown. */
  readonly completedUs: Float64Array;
  readonly client: Uint32Array;
  /** By the numbers that `object` holds. */
  readonly objects: readonly string[];
  readonly object: Uint32Array;
  /** 1 for what left its object as it was. */
  readonly read: Uint8Array;
  readonly value: Float64Array;
  readonly content: Uint32Array;
}

export function mergeHistories(histories: readonly DriverHistory[]): OperationLog {
  const operations = histories.reduce((sum, history) => sum + history.length, 0);
  const further = histories.reduce((sum, history) => sum + history.further.length, 0);
  const length = operations + further;
  const log = {
    length,
    operations,
    operationOfFurther: new Uint32Array(further),
    invokedUs: new Float64Array(length),
    completedUs: new Float64Array(length),
    client: new Uint32Array(length),
    object: new Uint32Array(length),
    read: new Uint8Array(length),
    value: new Float64Array(length),
    content: new Uint32Array(length),
  };
  const numbering = new Numbering();
  let offset = 0;
  let furtherOffset = operations;
  for (const history of histories) {
    log.invokedUs.set(history.invokedUs.subarray(0, history.length), offset);
    log.completedUs.set(history.completedUs.subarray(0, history.length), offset);
    log.client.set(history.client.subarray(0, history.length), offset);
    const common = history.objects.map((name) => numbering.numberOf(name));
    copyEffects(log, offset, history, common);
    copyEffects(log, furtherOffset, history.further, common);
    for (let index = 0; index < history.further.length; index++) {
      const operation = offset + (history.further.row[index] ?? 0);
      const entry = furtherOffset + index;
      log.operationOfFurther[entry - operations] = operation;
      log.invokedUs[entry] = at(log.invokedUs, operation);
      log.completedUs[entry] = at(log.completedUs, operation);
      log.client[entry] = at(log.client, operation);
    }
    offset += history.length;
    furtherOffset += history.further.length;
  }
  return { ...log, objects: numbering.names };
}

/** The columns that first and further objects have alike; `common` has the log's number for each of the driver's. */
function copyEffects(
  log: Pick<OperationLog, 'object' | 'read' | 'value' | 'content'>,
  offset: number,
  from: Pick<DriverHistory, 'length' | 'object' | 'read' | 'value' | 'content'>,
  common: readonly number[],
): void {
  for (let row = 0; row < from.length; row++) log.object[offset + row] = common[from.object[row] ?? 0] ?? 0;
  log.read.set(from.read.subarray(0, from.length), offset);
  log.value.set(from.value.subarray(0, from.length), offset);
  log.content.set(from.content.subarray(0, from.length), offset);
}

/** The operation that an entry is of. */
export function operationAt(log: OperationLog, entry: number): number {
  return entry < log.operations ? entry : at(log.operationOfFurther, entry - log.operations);
}

/** Entries of each object, or of each of some, in the order in which the log first names them. */
export function entriesByObject(log: OperationLog, objects?: ReadonlySet<number>): ReadonlyMap<number, number[]> {
  const groups = new Map<number, number[]>();
  for (let entry = 0; entry < log.length; entry++) {
    const object = at(log.object, entry);
    if (objects !== undefined && !objects.has(object)) continue;
    const group = groups.get(object);
    if (group === undefined) groups.set(object, [entry]);
    else group.push(entry);
  }
  return groups;
}

export function at(column: Float64Array | Uint32Array | Int32Array | Uint8Array, index: number): number {
  return column[index] ?? Number.NaN;
}

/** The first moment of a log, from which messages count time. */
export function startOf(log: OperationLog): Microseconds {
  let start = Number.POSITIVE_INFINITY;
  for (const invokedUs of log.invokedUs) if (invokedUs < start) start = invokedUs;
  return start;
}

/** An operation that ended before it began, if there is one: clocks that disagree, or a history that was damaged. */
export function impossibleTimes(log: OperationLog): string | undefined {
  for (let operation = 0; operation < log.operations; operation++) {
    const invokedUs = at(log.invokedUs, operation);
    const completedUs = at(log.completedUs, operation);
    if (!Number.isFinite(invokedUs)) return `operation ${operation} has no time of invocation`;
    if (completedUs < invokedUs) {
      return `operation ${operation} of client ${at(log.client, operation)} ended ${invokedUs - completedUs} µs before it began`;
    }
  }
  return undefined;
}
