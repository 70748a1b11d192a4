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
  /** Objects beside the first. */
  readonly others?: readonly TestObject[];
}

/** What an operation did to a further object. */
export interface TestObject {
  readonly object: number;
  readonly value?: number;
  /** As the operation's `query` if absent. */
  readonly read?: boolean;
  readonly content?: number;
}

/** What an operation did to each of its objects. */
export function effectsOf({ object = 0, query = false, read = query, value, others = [] }: TestOperation) {
  const further = others.map((other) => ({ object: other.object, read: other.read ?? query, value: other.value }));
  return [{ object, read, value }, ...further];
}

export function historyOf(operations: readonly TestOperation[], driver = 0): DriverHistory {
  const further = operations.flatMap(({ query, others = [] }, row) => others.map((each) => ({ query, ...each, row })));
  const objects = 1 + [...operations, ...further].reduce((most, { object }) => Math.max(most, object ?? 0), 0);
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
    further: {
      length: further.length,
      row: Uint32Array.from(further, ({ row }) => row),
      object: Uint32Array.from(further, ({ object }) => object),
      read: Uint8Array.from(further, ({ query, read }) => ((read ?? query) === true ? 1 : 0)),
      value: Float64Array.from(further, ({ value }) => value ?? Number.NaN),
      content: Uint32Array.from(further, ({ content }) => content ?? 0),
    },
  };
}
