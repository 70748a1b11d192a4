import { describe, expect, test } from 'vitest';
import { CountedAuthentication } from '../../crypto/counted-authentication.ts';
import { hmacSha256 } from '../../crypto/hmac-sha256.ts';
import { FIRST_CLIENT } from '../../kernel/identifiers.ts';
import { INITIAL_CANDIDATE } from '../replica-history.ts';
import { barrierCandidate, digestOf, historyOf, versionCandidate } from '../testing/histories.ts';
import { isBarrier, isJointAt, isJointCopyAt, NO_OPERATION, operationDigestOf, timeOf } from '../timestamp.ts';
import { jointDigest } from './binding.ts';
import type { GroupClassification } from './classification.ts';
import { type DigestedSet, setUpJoint } from './setup.ts';

const authentication = new CountedAuthentication(hmacSha256, new Uint8Array(32), 0);
const OBJECTS = ['a', 'b'];
const OPERATION = digestOf('operation');

/** A set in which all replicas show one history, told apart by its digest. */
function setOf(digest: string, indexes = Uint8Array.of(0, 0, 0, 0, 0, 255)): DigestedSet {
  return { set: { histories: [historyOf(INITIAL_CANDIDATE)], indexes }, digests: [digestOf(digest)] };
}

const SETS = [setOf('a'), setOf('b')];
const early = versionCandidate(3);
const late = versionCandidate(8);
const METHOD: GroupClassification = { type: 'method', conditionedOn: [early, late] };

function timestampOf(classification: GroupClassification, sets = SETS, client = FIRST_CLIENT, operation = OPERATION) {
  const setup = setUpJoint(classification, client, OBJECTS, operation, sets, authentication);
  if (setup === undefined) throw new Error('an open group');
  return setup.timestamp;
}

describe('the timestamp of a joint operation', () => {
  test('is one later than the latest of all objects', () => {
    expect(timeOf(timestampOf(METHOD))).toBe(9);
    expect(isJointAt(timestampOf(METHOD), 0)).toBe(true);
    expect(operationDigestOf(timestampOf(METHOD))).toEqual(OPERATION);
  });

  test.each([
    ['history of any object', timestampOf(METHOD, [setOf('a'), setOf('other')])],
    ['replica that shows one', timestampOf(METHOD, [setOf('a'), setOf('b', Uint8Array.of(0, 0, 0, 0, 255, 0))])],
    [
      'conditioned-on candidate of any object',
      timestampOf({ type: 'method', conditionedOn: [INITIAL_CANDIDATE, late] }),
    ],
    ['client', timestampOf(METHOD, SETS, FIRST_CLIENT + 1)],
    ['operation', timestampOf(METHOD, SETS, FIRST_CLIENT, digestOf('other'))],
  ])('is another with another %s', (_, other) => {
    expect(other).not.toEqual(timestampOf(METHOD));
  });

  test('of a copy names its objects', () => {
    const barriers = [barrierCandidate(9), barrierCandidate(9)];
    const copy = timestampOf({ type: 'copy', conditionedOn: [early, late], barriers });
    expect(timeOf(copy)).toBe(10);
    expect(isJointCopyAt(copy, 0)).toBe(true);
    const binding = { objects: OBJECTS, requestDigest: NO_OPERATION };
    expect(operationDigestOf(copy)).toEqual(jointDigest(authentication, binding));
  });

  test('of a barrier is that of a barrier, and names nothing', () => {
    const latestTime = late.subarray(0, late.length / 2);
    const barrier = timestampOf({ type: 'barrier', conditionedOn: [early, undefined], latestTime });
    expect([timeOf(barrier), isBarrier(barrier)]).toEqual([9, true]);
    expect(operationDigestOf(barrier)).toEqual(NO_OPERATION);
  });
});

test('names and their order tell joint operations apart', () => {
  const digest = (...objects: string[]) => jointDigest(authentication, { objects, requestDigest: OPERATION });
  const digests = [digest('a', 'b'), digest('b', 'a'), digest('ab'), digest('a'), digest('a', 'b', 'c')].map(String);
  expect(new Set(digests).size).toBe(digests.length);
});

test('an open group has no timestamp', () => {
  const open: GroupClassification = { type: 'open', candidate: early.subarray(0, early.length / 2) };
  expect(setUpJoint(open, FIRST_CLIENT, OBJECTS, OPERATION, SETS, authentication)).toBeUndefined();
});
