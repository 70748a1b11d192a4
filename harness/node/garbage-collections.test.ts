import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test, vi } from 'vitest';
import { GarbageCollections } from './garbage-collections.ts';

test('pauses are counted, with their time', async () => {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('the collector cannot be asked to run');
  const collections = new GarbageCollections();
  expect(collections.counts).toEqual({ collections: 0, collectionUs: 0 });
  collect();
  await vi.waitFor(() => expect(collections.counts.collections).toBeGreaterThan(0));
  expect(collections.counts.collectionUs).toBeGreaterThan(0);
});
