import type { Microseconds } from '../../src/kernel/time.ts';
import type { DriverHistory } from '../workload/history.ts';
import { Numbering } from '../workload/numbering.ts';

/** The operations of all drivers in one set of columns; an operation is an index into them. */
export interface OperationLog {
  readonly length: number;
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
  const length = histories.reduce((sum, history) => sum + history.length, 0);
  const log = {
    length,
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
  for (const history of histories) {
    log.invokedUs.set(history.invokedUs.subarray(0, history.length), offset);
    log.completedUs.set(history.completedUs.subarray(0, history.length), offset);
    log.client.set(history.client.subarray(0, history.length), offset);
    const common = history.objects.map((name) => numbering.numberOf(name));
    for (let row = 0; row < history.length; row++) log.object[offset + row] = common[history.object[row] ?? 0] ?? 0;
    log.read.set(history.read.subarray(0, history.length), offset);
    log.value.set(history.value.subarray(0, history.length), offset);
    log.content.set(history.content.subarray(0, history.length), offset);
    offset += history.length;
  }
  return { ...log, objects: numbering.names };
}

export function at(column: Float64Array | Uint32Array | Uint8Array, index: number): number {
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
  for (let operation = 0; operation < log.length; operation++) {
    const invokedUs = at(log.invokedUs, operation);
    const completedUs = at(log.completedUs, operation);
    if (!Number.isFinite(invokedUs)) return `operation ${operation} has no time of invocation`;
    if (completedUs < invokedUs) {
      return `operation ${operation} of client ${at(log.client, operation)} ended ${invokedUs - completedUs} µs before it began`;
    }
  }
  return undefined;
}
