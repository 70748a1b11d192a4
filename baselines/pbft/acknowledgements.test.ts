import { expect, test } from 'vitest';
import { Acknowledgements, acksToAccept, acksToInclude } from './acknowledgements.ts';

const A = new Uint8Array(32).fill(0xa);
const B = new Uint8Array(32).fill(0xb);

test('the acks of a VIEW-CHANGE are those of others than its author and the primary of its view, for the same view and digest', () => {
  const acks = new Acknowledgements(7);
  for (const [acknowledger, view, digest] of [
    [0, 1, A],
    [1, 1, A],
    [3, 1, B],
    [4, 8, A],
    [5, 1, A],
  ] as const) {
    expect(acks.adds(acknowledger, 2, view, digest)).toBe(true);
    acks.put(acknowledger, 2, view, digest);
    expect(acks.adds(acknowledger, 2, view, digest)).toBe(false);
  }
  expect(acks.adds(2, 2, 1, A)).toBe(false);
  expect(acks.adds(0, 7, 1, A)).toBe(false);
  // Replica 1 is the primary of view 1.
  expect(acks.count(2, 1, A)).toBe(2);
  expect(acks.count(2, 1, B)).toBe(1);
  expect(acks.count(3, 1, A)).toBe(0);
});

test.each([1, 2, 3, 7])('f = %i: enough acks leave correct vouchers, and as many come', (faults) => {
  const replicas = 3 * faults + 1;
  // A faulty author is none of the 2f that hold its message, the primary among them: at most f − 1 others are faulty.
  expect(acksToInclude(faults) + 1 - (faults - 1)).toBeGreaterThanOrEqual(acksToAccept(faults) + 1);
  // All correct replicas but the author and the primary send one.
  expect(acksToInclude(faults)).toBeLessThanOrEqual(replicas - faults - 2);
  // With the primary they cannot all be faulty.
  expect(acksToAccept(faults) + 1).toBeGreaterThan(faults);
});
