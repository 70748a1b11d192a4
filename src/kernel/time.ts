/** A point in time or a span, in microseconds. Points count from an origin that only the runtime knows. */
export type Microseconds = number;

export const MILLISECOND: Microseconds = 1_000;
export const SECOND: Microseconds = 1_000_000;
