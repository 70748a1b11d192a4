import type { Microseconds } from '../../src/kernel/time.ts';

/**
 * What one driver's clients did, an operation a row, in the order of invocation; columns, because they are many and cross
 * process borders. The clock is monotonic and the same on all nodes of a host.
 */
export interface DriverHistory {
  readonly driver: number;
  readonly length: number;
  readonly invokedUs: Float64Array;
  /** NaN where the operation had not ended when the load was stopped: its outcome is unknown. */
  readonly completedUs: Float64Array;
  /** The protocol client that invoked. */
  readonly client: Uint32Array;
  /** Names of the objects, by this driver's numbers for them. */
  readonly objects: readonly string[];
  /** Of an operation of several objects the first, here and in `read`, `value` and `content`. */
  readonly object: Uint32Array;
  /** 1 for a query, 0 for an update. */
  readonly query: Uint8Array;
  /** 1 for an operation that left its object as it was: a query, or an update that was refused. */
  readonly read: Uint8Array;
  /** The object's place in its own order (see history-model.ts); NaN for an unknown outcome or a result that tells none. */
  readonly value: Float64Array;
  /** Fingerprint of what was read or, outcome known or not, written; 0 if that is nothing or not known. */
  readonly content: Uint32Array;
  readonly further: FurtherObjects;
  /** There if the history is a prefix: its rows are the operations that were invoked first. */
  readonly unrecorded?: UnrecordedOperations;
}

/** What is known of the operations that were invoked when a history had as many rows as it may have: enough to count and to time them. */
export interface UnrecordedOperations {
  /** When the first of them was invoked: what was invoked before is recorded. */
  readonly cutUs: Microseconds;
  /** Those that invoked them. */
  readonly clients: Uint32Array;
  /** How many had not ended when the load was stopped. */
  readonly incomplete: number;
  /** Those that ended, by spans of time; spans in which none did are left out. */
  readonly segments: readonly CompletionSegment[];
}

/** Operations that ended in [from, until). */
export interface CompletionSegment {
  readonly fromUs: Microseconds;
  readonly untilUs: Microseconds;
  readonly operations: number;
  /** Of latencies in whole nanoseconds, so that a sum is the same in whatever order it is taken. */
  readonly latencySumNs: number;
  readonly latencyMaxUs: Microseconds;
  /** See latency-histogram.ts. */
  readonly latencies: string;
  /** Clients that the operations are of. */
  readonly served: Uint32Array;
}

/**
 * What operations of several objects did to those beside the first, an object a row of these columns. They stand apart so that an operation
 * stays one row for whoever counts or times it, and costs nothing more where it works on one object.
 */
export interface FurtherObjects {
  readonly length: number;
  /** Row of the operation, ascending; the objects of one operation stand in its order. */
  readonly row: Uint32Array;
  /** These columns are as those of the same name for the first object. */
  readonly object: Uint32Array;
  readonly read: Uint8Array;
  readonly value: Float64Array;
  readonly content: Uint32Array;
}

/** The point in time up to which operations began, exclusive: from warm-up's end to the window's end. */
export interface MeasuredWindow {
  readonly startUs: Microseconds;
  readonly endUs: Microseconds;
}
