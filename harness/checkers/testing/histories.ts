import type { DriverHistory } from '../../workload/history.ts';

/** One operation in a form that tests write by hand. */
export interface TestOperation {
  readonly invokedUs: number;
  /** Absent: the outcome is unknown. */
  readonly completedUs?: number;
  readonly value?: number;
  readonly query?: boolean;
  /** As `query` if absent. */
  readonly read?: boolean;
  readonly content?: number;
  readonly object?: number;
  readonly client?: number;
}

export function historyOf(operations: readonly TestOperation[], driver = 0): DriverHistory {
  const objects = 1 + operations.reduce((most, { object }) => Math.max(most, object ?? 0), 0);
  return {
    driver,
    length: operations.length,
    invokedUs: Float64Array.from(operations, (operation) => operation.invokedUs),
    completedUs: Float64Array.from(operations, (operation) => operation.completedUs ?? Number.NaN),
    client: Uint32Array.from(operations, (operation, index) => operation.client ?? 0x1000 + index),
    objects: Array.from({ length: objects }, (_, object) => `object-${object}`),
    object: Uint32Array.from(operations, (operation) => operation.object ?? 0),
    query: Uint8Array.from(operations, (operation) => (operation.query === true ? 1 : 0)),
    read: Uint8Array.from(operations, ({ query, read }) => ((read ?? query) === true ? 1 : 0)),
    value: Float64Array.from(operations, (operation) => operation.value ?? Number.NaN),
    content: Uint32Array.from(operations, (operation) => operation.content ?? 0),
  };
}
