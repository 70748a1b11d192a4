import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CountedAuthentication } from '../../src/crypto/counted-authentication.ts';
import { FIRST_CLIENT } from '../../src/kernel/identifiers.ts';
import { encodeRequest } from '../../src/wire/request.ts';
import { composeBatch, type PendingRequest, parseBatch } from './batch.ts';
import { testSuite } from './testing/cluster.ts';

const AUTHENTICATOR_BYTES = 32;
const authentication = new CountedAuthentication(testSuite, new Uint8Array(32), 0);

function pending(count: number): PendingRequest[] {
  return Array.from({ length: count }, (_, i) => {
    const operation = { object: `object ${i}`, method: 'increment', argument: new Uint8Array(i) };
    const decoded = { client: FIRST_CLIENT + i, number: i + 1, operation };
    const request = new Uint8Array(encodeRequest(decoded.client, decoded.number, operation));
    return { decoded, request, digest: undefined, authenticator: new Uint8Array(AUTHENTICATOR_BYTES).fill(i) };
  });
}

function parse(bytes: Uint8Array, batchLimit = 64) {
  return parseBatch(authentication, bytes, { authenticatorBytes: AUTHENTICATOR_BYTES, batchLimit });
}

test('a batch is read as it was put together', () => {
  const requests = pending(20);
  const composed = composeBatch(authentication, requests);
  const parsed = parse(composed.bytes);
  expect(parsed?.digest).toEqual(composed.digest);
  expect(parsed?.authenticatorsAt).toBe(composed.authenticatorsAt);
  expect(parsed?.requests.map(({ client, number, operation }) => [client, number, operation.object])).toEqual(
    requests.map(({ decoded }) => [decoded.client, decoded.number, decoded.operation.object]),
  );
});

test('the digest covers the requests and their order, not the authenticators', () => {
  const [first, second] = pending(2);
  if (first === undefined || second === undefined) throw new Error('two requests');
  const { digest } = composeBatch(authentication, [first, second]);
  expect(composeBatch(authentication, [second, first]).digest).not.toEqual(digest);
  const others = new Uint8Array(AUTHENTICATOR_BYTES);
  const { digest: same } = composeBatch(authentication, [{ ...first, authenticator: others }, second]);
  expect(same).toEqual(digest);
});

test('batches that are empty, too large, cut or garbled are none', () => {
  const { bytes } = composeBatch(authentication, pending(5));
  expect(parse(new Uint8Array(4))).toBeUndefined();
  expect(parse(bytes, 4)).toBeUndefined();
  for (let length = 0; length < bytes.length; length++) expect(parse(bytes.subarray(0, length))).toBeUndefined();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (garbage) => parse(garbage)?.requests.length !== 0),
    { seed: 4 },
  );
});
