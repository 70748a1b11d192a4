import { effectsOf, type TestOperation } from './histories.ts';

/**
 * Searches all orders of a small history for one that is legal at every object and respects real time [Wing and Gong 1993]; the yardstick of the
 * fast checkers. An update of unknown outcome writes all of its objects, whenever it likes after its invocation, or none.
 */
export function linearizableByForce(operations: readonly TestOperation[]): boolean {
  return search(
    operations.map((operation) => ({ ...operation, endUs: operation.completedUs ?? Number.POSITIVE_INFINITY })),
    [],
  );
}

type Pending = TestOperation & { readonly endUs: number };

/** `values` are the numbers of writes that each object has seen. */
function search(pending: readonly Pending[], values: readonly number[]): boolean {
  if (pending.every((operation) => operation.completedUs === undefined)) return true;
  const firstEnd = Math.min(...pending.map((operation) => operation.endUs));
  return pending.some((operation, index) => {
    if (operation.invokedUs > firstEnd) return false;
    const after = [...values];
    for (const { object, read, value } of effectsOf(operation)) {
      const expected = (after[object] ?? 0) + (read ? 0 : 1);
      if (operation.completedUs !== undefined && value !== expected) return false;
      after[object] = expected;
    }
    return search([...pending.slice(0, index), ...pending.slice(index + 1)], after);
  });
}
