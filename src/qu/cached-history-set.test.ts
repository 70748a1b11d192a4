import { expect, test } from 'vitest';
import { CountedAuthentication } from '../crypto/counted-authentication.ts';
import { hmacSha256 } from '../crypto/hmac-sha256.ts';
import { FIRST_CLIENT } from '../kernel/identifiers.ts';
import { HistorySetCache } from './cached-history-set.ts';

const authentication = new CountedAuthentication(hmacSha256, new Uint8Array(32), FIRST_CLIENT);

test('the cache lets the object go that was used longest ago', () => {
  const cache = new HistorySetCache(2, { faults: 1, replicas: 6, quorum: 5 }, authentication);
  const [a, b] = [cache.for('a'), cache.for('b')];
  expect(cache.for('a')).toBe(a);
  cache.for('c');
  expect(cache.for('a')).toBe(a);
  expect(cache.for('b')).not.toBe(b);
});
