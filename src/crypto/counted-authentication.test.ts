import { describe, expect, test } from 'vitest';
import { FIRST_CLIENT } from '../kernel/identifiers.ts';
import { CountedAuthentication, noCrypto } from './counted-authentication.ts';
import { modelledAs } from './modelled.ts';
import { availableSuites } from './suites.ts';
import { counting } from './testing/bytes.ts';

const SECRET = counting(20);
const MESSAGE = counting(32);

/** Modelled ones must tell apart all that real ones do. */
const suites = availableSuites().flatMap((suite) => [
  { title: suite.name, suite },
  { title: `a model of ${suite.name}`, suite: modelledAs(suite) },
]);

describe.each(suites)('under $title', ({ suite }) => {
  const participant = (id: number, secret = SECRET) => new CountedAuthentication(suite, secret, id);

  test('a tag verifies at the one it was made for, as coming from its maker, and nowhere else', () => {
    const tags = new Uint8Array(suite.tagBytes);
    participant(1).generate(2, MESSAGE, tags, 0);
    expect(participant(2).verify(1, MESSAGE, tags, 0)).toBe(true);
    // For another peer, from another peer, back to its maker, under another deployment's secret.
    expect(participant(3).verify(1, MESSAGE, tags, 0)).toBe(false);
    expect(participant(2).verify(3, MESSAGE, tags, 0)).toBe(false);
    expect(participant(1).verify(2, MESSAGE, tags, 0)).toBe(false);
    expect(participant(2, counting(21)).verify(1, MESSAGE, tags, 0)).toBe(false);
  });

  test('participants of numbers with the same low bits have different keys', () => {
    const tags = new Uint8Array(suite.tagBytes);
    participant(FIRST_CLIENT).generate(0, MESSAGE, tags, 0);
    expect(participant(0).verify(FIRST_CLIENT + 0x1_0000, MESSAGE, tags, 0)).toBe(false);
    expect(participant(0).verify(FIRST_CLIENT, MESSAGE, tags, 0)).toBe(true);
  });

  test('every operation is counted, once', () => {
    const sender = participant(1);
    const receiver = participant(2);
    const tags = new Uint8Array(5 * suite.tagBytes);
    for (let index = 0; index < 5; index++) sender.generate(2, MESSAGE, tags, index * suite.tagBytes);
    for (let index = 0; index < 4; index++) receiver.verify(1, MESSAGE, tags, index * suite.tagBytes);
    receiver.verify(1, counting(33), tags, 0);
    receiver.verify(1, MESSAGE, new Uint8Array(0), 0);
    for (let index = 0; index < 3; index++) receiver.digest(MESSAGE);
    expect(sender.counts).toEqual({ ...noCrypto(), macsGenerated: 5, bytesTagged: 5 * 32 });
    expect(receiver.counts).toEqual({
      ...noCrypto(),
      macsVerified: 6,
      macsRejected: 2,
      bytesVerified: 5 * 32 + 33,
      digests: 3,
      bytesDigested: 3 * 32,
    });
  });

  test('says how long its tags and digests are', () => {
    expect(participant(1).tagBytes).toBe(suite.tagBytes);
    expect(participant(1).digest(MESSAGE).length).toBe(participant(1).digestBytes);
  });
});

test('two directions of a pair have two keys', () => {
  for (const { suite } of suites) {
    const tags = new Uint8Array(2 * suite.tagBytes);
    new CountedAuthentication(suite, SECRET, 1).generate(2, MESSAGE, tags, 0);
    new CountedAuthentication(suite, SECRET, 2).generate(1, MESSAGE, tags, suite.tagBytes);
    expect(tags.subarray(0, suite.tagBytes)).not.toEqual(tags.subarray(suite.tagBytes));
  }
});
