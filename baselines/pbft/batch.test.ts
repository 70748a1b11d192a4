import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CountedAuthentication } from '../../src/crypto/counted-authentication.ts';
import { FIRST_CLIENT } from '../../src/kernel/identifiers.ts';
import { encodeRequest } from '../../src/wire/request.ts';
import { bodiesOf, composeBatch, isComplete, type PendingRequest, parseBatch, parseWholeBatch } from './batch.ts';
import { testSuite } from './testing/cluster.ts';

const AUTHENTICATOR_BYTES = 32;
const authentication = new CountedAuthentication(testSuite, new Uint8Array(32), 0);

function pending(count: number, isSeparate: (i: number) => boolean = () => false): PendingRequest[] {
  return Array.from({ length: count }, (_, i) => {
    const operation = { object: `object ${i}`, method: 'increment', argument: new Uint8Array(i) };
    const decoded = { client: FIRST_CLIENT + i, number: i + 1, operation };
    const request = new Uint8Array(encodeRequest(decoded.client, decoded.number, operation));
    const digest = isSeparate(i) ? authentication.digest(request) : undefined;
    return { decoded, request, digest, authenticator: new Uint8Array(AUTHENTICATOR_BYTES).fill(i) };
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

describe('a batch that refers to some of its requests', () => {
  const requests = pending(9, (i) => i % 2 === 1);
  const composed = composeBatch(authentication, requests);
  const bodies = bodiesOf(composed);
  const shape = { authenticatorBytes: AUTHENTICATOR_BYTES, batchLimit: 64 };

  test('is read without their bodies, and with them as it was put together', () => {
    const proposed = parse(composed.bytes);
    expect(proposed?.digest).toEqual(composed.digest);
    expect(proposed?.references.map(({ index, client, number }) => [index, client, number])).toEqual(
      [1, 3, 5, 7].map((i) => [i, FIRST_CLIENT + i, i + 1]),
    );
    expect(proposed === undefined || isComplete(proposed)).toBe(false);
    const whole = parseWholeBatch(authentication, composed.bytes, bodies, shape);
    expect(whole?.requests.map(({ operation }) => operation.object)).toEqual(
      requests.map(({ decoded }) => decoded.operation.object),
    );
    expect(whole === undefined ? [] : bodiesOf(whole)).toEqual(bodies);
  });

  test('has another digest than with all of them in it: the form is part of what is agreed on', () => {
    expect(composeBatch(authentication, pending(9)).digest).not.toEqual(composed.digest);
  });

  test('is none with bodies missing, too many, in another order, or of another client than it says', () => {
    const whole = (given: readonly Uint8Array[], bytes = composed.bytes) =>
      parseWholeBatch(authentication, bytes, given, shape);
    expect(whole(bodies.slice(1))).toBeUndefined();
    expect(whole([...bodies, new Uint8Array(1)])).toBeUndefined();
    expect(whole([...bodies].reverse())).toBeUndefined();
    const mistaken = requests.map((one) => ({ ...one, decoded: { ...one.decoded, client: FIRST_CLIENT + 99 } }));
    expect(whole(bodies, composeBatch(authentication, mistaken).bytes)).toBeUndefined();
  });

  test('is none when cut', () => {
    const { bytes } = composed;
    for (let length = 0; length < bytes.length; length++) expect(parse(bytes.subarray(0, length))).toBeUndefined();
  });
});
