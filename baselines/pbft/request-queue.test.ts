import { expect, test } from 'vitest';
import { FIRST_CLIENT } from '../../src/kernel/identifiers.ts';
import { batchedBytes } from './batch.ts';
import { ClientTable } from './client-table.ts';
import { RequestQueue } from './request-queue.ts';
import { operation } from './testing/lone-replica.ts';

const requests = [0, 1, 2, 3, 4].map((index) => operation(FIRST_CLIENT + index, 1, 'update'));
const bytes = batchedBytes(operation(FIRST_CLIENT, 1, 'update'));

function filled(): RequestQueue {
  const queue = new RequestQueue();
  const clients = new ClientTable();
  for (const request of requests) queue.push(clients.open(request.decoded.client), request);
  return queue;
}

test('gives so many requests to a batch, and so many bytes, but always one', () => {
  const queue = filled();
  expect(queue.take(2, 100 * bytes)).toEqual(requests.slice(0, 2));
  expect(queue.take(5, 2 * bytes)).toEqual(requests.slice(2, 4));
  expect(queue.take(5, 1)).toEqual(requests.slice(4));
  expect(queue.size).toBe(0);
});
