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
  /** The object's number; all drivers number objects alike. */
  readonly object: Uint32Array;
  /** 1 for a query, 0 for an update. */
  readonly query: Uint8Array;
  /** What the service's history model reads off the result (a counter's value); NaN for an unknown outcome or a result that is none. */
  readonly value: Float64Array;
}

/** The point in time up to which operations began, exclusive: from warm-up's end to the window's end. */
export interface MeasuredWindow {
  readonly startUs: Microseconds;
  readonly endUs: Microseconds;
}
