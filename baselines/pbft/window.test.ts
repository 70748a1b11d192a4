import { expect, test } from 'vitest';
import { FIRST_CLIENT } from '../../src/kernel/identifiers.ts';
import { loneBackup, operation } from './testing/lone-replica.ts';

/** Requests in each batch that the primary of view 1 proposes when so many clients' requests come one by one. */
function proposed(options: Readonly<Record<string, unknown>>, requests: number): readonly number[] {
  const { state, agreement, sent } = loneBackup(options);
  state.view = 1;
  const sizes: number[] = [];
  for (let index = 0; index < requests; index++) {
    const before = state.queue.size;
    const client = FIRST_CLIENT + index;
    state.queue.push(state.clients.open(client), operation(client, 1, 'update'));
    agreement.advance();
    for (const { type } of sent.splice(0)) if (type === 'prePrepare') sizes.push(before + 1 - state.queue.size);
  }
  return sizes;
}

test('the primary keeps no more than the window outstanding', () => {
  expect(proposed({ batchLimit: 1, window: 3 }, 5)).toEqual([1, 1, 1]);
});

test('a batch that is not full waits while the partial window is full', () => {
  expect(proposed({ batchLimit: 2, window: 3, partialWindow: 1 }, 6)).toEqual([1, 2, 2]);
  expect(proposed({ batchLimit: 2, window: 3, partialWindow: 3 }, 6)).toEqual([1, 1, 1]);
});
