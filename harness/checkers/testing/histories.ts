import type { DriverHistory } from '../../workload/history.ts';

/** One operation in a form that tests write by hand. */
export interface TestOperation {
  readonly invokedUs: number;
  /** Absent: the outcome is unknown. */
  readonly completedUs?: number;
  readonly value?: number;
  readonly query?: boolean;
  readonly object?: number;
  readonly client?: number;
}

export function historyOf(operations: readonly TestOperation[], driver = 0): DriverHistory {
  return {
    driver,
    length: operations.length,
    invokedUs: Float64Array.from(operations, (operation) => operation.invokedUs),
    completedUs: Float64Array.from(operations, (operation) => operation.completedUs ?? Number.NaN),
    client: Uint32Array.from(operations, (operation, index) => operation.client ?? 0x1000 + index),
    object: Uint32Array.from(operations, (operation) => operation.object ?? 0),
    query: Uint8Array.from(operations, (operation) => (operation.query === true ? 1 : 0)),
    value: Float64Array.from(operations, (operation) => operation.value ?? Number.NaN),
  };
}
