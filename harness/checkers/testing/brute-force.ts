import type { TestOperation } from './histories.ts';

/**
 * Searches all orders of a small history of one counter for a legal one [Wing and Gong 1993]; the yardstick of the fast checker.
 */
export function linearizableByForce(operations: readonly TestOperation[]): boolean {
  return search(
    operations.map((operation) => ({ ...operation, endUs: operation.completedUs ?? Number.POSITIVE_INFINITY })),
    0,
  );
}

type Pending = TestOperation & { readonly endUs: number };

function search(pending: readonly Pending[], counter: number): boolean {
  if (pending.every((operation) => operation.completedUs === undefined)) return true;
  const firstEnd = Math.min(...pending.map((operation) => operation.endUs));
  return pending.some((operation, index) => {
    if (operation.invokedUs > firstEnd) return false;
    const after = operation.query === true ? counter : counter + 1;
    if (operation.completedUs !== undefined && operation.value !== after) return false;
    return search([...pending.slice(0, index), ...pending.slice(index + 1)], after);
  });
}
