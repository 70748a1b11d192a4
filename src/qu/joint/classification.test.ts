import { describe, expect, test } from 'vitest';
import { CountedAuthentication } from '../../crypto/counted-authentication.ts';
import { hmacSha256 } from '../../crypto/hmac-sha256.ts';
import { FIRST_CLIENT } from '../../kernel/identifiers.ts';
import type { WeighedHistory } from '../classification.ts';
import { type Candidate, INITIAL_CANDIDATE, makeCandidate, timestampOf } from '../replica-history.ts';
import { barrierCandidate, digestOf, held, versionCandidate } from '../testing/histories.ts';
import { CandidateKind, INITIAL_TIMESTAMP, makeTimestamp } from '../timestamp.ts';
import { Bindings, type JointBinding, jointDigest } from './binding.ts';
import { classifyGroup, type GroupMember, settledTime, unsettledJoint } from './classification.ts';

/** b = 1: six replicas, quorums of five, repairable from three on. */
const THRESHOLDS = { quorum: 5, repairable: 3 };
const authentication = new CountedAuthentication(hmacSha256, new Uint8Array(32), 0);

function bindingOf(...objects: readonly string[]): JointBinding {
  return { objects, requestDigest: digestOf(objects.join('+')) };
}

function joint(
  binding: JointBinding,
  time: number,
  on: Candidate = INITIAL_CANDIDATE,
  kind: CandidateKind = CandidateKind.jointMethod,
): Candidate {
  const timestamp = makeTimestamp({
    time,
    kind,
    client: FIRST_CLIENT,
    operationDigest: jointDigest(authentication, binding),
    historySetDigest: digestOf(`set ${time}`),
  });
  return makeCandidate(timestamp, timestampOf(on));
}

function member(object: string, ...histories: readonly WeighedHistory[]): GroupMember {
  return { object, histories };
}

function classified(members: readonly GroupMember[], bindings: readonly JointBinding[], inlineRepair = true) {
  const known = new Bindings(authentication);
  for (const binding of bindings) known.add(binding);
  return classifyGroup(members, known, { ...THRESHOLDS, inlineRepair });
}

const INITIAL = INITIAL_CANDIDATE;
const ab = bindingOf('a', 'b');
const bc = bindingOf('b', 'c');
const first = joint(ab, 1);
const barrier = barrierCandidate(5);

describe('a group is ready', () => {
  test('for a method where all objects show complete versions', () => {
    const own = versionCandidate(3);
    const group = [member('a', held(6, INITIAL, first)), member('b', held(5, INITIAL, own), held(1, INITIAL))];
    expect(classified(group, [])).toEqual({ type: 'method', conditionedOn: [first, own] });
  });
});

describe('a candidate that is unsettled', () => {
  const held3 = (object: string) => member(object, held(3, INITIAL, first), held(3, INITIAL));

  test('opens the group if nobody has said what it is about', () => {
    expect(classified([held3('a'), held3('b')], [])).toEqual({ type: 'open', candidate: timestampOf(first) });
  });

  test('opens the group if it is about another object', () => {
    expect(classified([held3('a')], [ab]).type).toBe('open');
    expect(classified([held3('a'), member('c', held(6, INITIAL))], [ab]).type).toBe('open');
  });

  test('even if a single replica shows it', () => {
    expect(classified([member('a', held(1, INITIAL, first), held(5, INITIAL))], []).type).toBe('open');
  });

  test('is completed in place if it is the newest of its objects, and repairable in all', () => {
    expect(classified([held3('a'), held3('b')], [ab])).toEqual({ type: 'inlineMethod', candidates: [first, first] });
    const complete = member('b', held(6, INITIAL, first));
    expect(classified([held3('a'), complete], [ab]).type).toBe('inlineMethod');
  });

  test.each([
    ['one of its objects does not show it', [held3('a'), member('b', held(6, INITIAL))]],
    ['it is not repairable in one', [held3('a'), member('b', held(2, INITIAL, first), held(4, INITIAL))]],
    [
      'one of its objects shows something newer',
      [held3('a'), member('b', held(3, INITIAL, first), held(3, INITIAL, versionCandidate(2)))],
    ],
    [
      'the group has an object more',
      [held3('a'), held3('b'), member('c', held(3, INITIAL, versionCandidate(1)), held(3, INITIAL))],
    ],
  ])('is stopped by a barrier if %s', (_, group) => {
    expect(classified(group, [ab]).type).toBe('barrier');
  });

  test('is stopped by a barrier if histories of another object claim to hold it, too', () => {
    expect(classified([held3('a'), held3('b'), held3('c')], [ab]).type).toBe('barrier');
  });

  test('is stopped by a barrier without inline repair', () => {
    expect(classified([held3('a'), held3('b')], [ab], false).type).toBe('barrier');
  });
});

test('a barrier comes after the latest time of all objects', () => {
  const late = versionCandidate(9);
  const group = [
    member('a', held(3, INITIAL, first), held(3, INITIAL)),
    member('b', held(2, INITIAL, late), held(4, INITIAL)),
  ];
  expect(classified(group, [ab])).toMatchObject({ type: 'barrier', latestTime: timestampOf(late) });
});

describe('past complete barriers', () => {
  const stopped = (object: string, weight: number, candidate: Candidate) =>
    member(object, held(weight, INITIAL, candidate, barrier), held(6 - weight, INITIAL, barrier));

  test('a joint candidate that is repairable in all its objects survives in all', () => {
    expect(classified([stopped('a', 3, first), stopped('b', 4, first)], [ab])).toEqual({
      type: 'copy',
      conditionedOn: [first, first],
      barriers: [barrier, barrier],
    });
  });

  test('one that is not repairable in one of them survives in none', () => {
    expect(classified([stopped('a', 4, first), stopped('b', 2, first)], [ab])).toMatchObject({
      type: 'copy',
      conditionedOn: [INITIAL, INITIAL],
    });
  });

  test('one that has a newer rival in one of them survives in none', () => {
    const rival = versionCandidate(2);
    const contested = member('b', held(3, INITIAL, first, barrier), held(3, INITIAL, rival, barrier));
    expect(classified([stopped('a', 3, first), contested], [ab])).toMatchObject({
      type: 'copy',
      conditionedOn: [INITIAL, rival],
    });
  });

  test('of two joint rivals the newer one survives, whole', () => {
    const second = joint(bc, 2);
    const contested = member('b', held(3, INITIAL, first, barrier), held(3, INITIAL, second, barrier));
    const group = [stopped('a', 3, first), contested, stopped('c', 3, second)];
    expect(classified(group, [ab, bc])).toMatchObject({ type: 'copy', conditionedOn: [INITIAL, second, second] });
  });

  test('and the older one if the newer cannot', () => {
    const second = joint(bc, 2);
    const contested = member('b', held(3, INITIAL, first, barrier), held(3, INITIAL, second, barrier));
    const group = [stopped('a', 3, first), contested, stopped('c', 2, second)];
    expect(classified(group, [ab, bc])).toMatchObject({ type: 'copy', conditionedOn: [first, first, INITIAL] });
  });

  test('what is conditioned on a joint candidate is no rival of it', () => {
    const next = versionCandidate(2, first);
    const group = [
      stopped('a', 4, first),
      member('b', held(4, first, next, barrier), held(2, INITIAL, first, barrier)),
    ];
    expect(classified(group, [ab])).toMatchObject({ type: 'copy', conditionedOn: [first, next] });
  });

  test('a group waits for the barriers of all its objects', () => {
    expect(classified([stopped('a', 3, first), member('b', held(6, INITIAL, first))], [ab]).type).toBe('barrier');
    const incomplete = member('b', held(4, INITIAL, first, barrier), held(2, INITIAL, first));
    expect(classified([stopped('a', 3, first), incomplete], [ab]).type).toBe('barrier');
  });
});

describe('a joint candidate is settled', () => {
  const unsettledIn = (...histories: readonly WeighedHistory[]) => unsettledJoint(histories, THRESHOLDS).length;

  test('not before it is complete', () => {
    expect(unsettledIn(held(4, INITIAL, first), held(2, INITIAL))).toBe(1);
    expect(unsettledIn(held(5, INITIAL, first), held(1, INITIAL))).toBe(0);
  });

  test('by a complete version that is newer', () => {
    expect(unsettledIn(held(1, INITIAL, first), held(5, INITIAL, versionCandidate(2)))).toBe(0);
  });

  test('by a method on it that enough replicas accepted to be sure that one was right to', () => {
    const next = versionCandidate(2, first);
    expect(unsettledIn(held(3, first, next), held(3, INITIAL, first))).toBe(0);
    expect(unsettledIn(held(2, first, next), held(2, INITIAL, first), held(2, INITIAL))).toBe(1);
  });

  test('not by a joint copy of it, which may itself be unfinished', () => {
    const copied = joint(ab, 6, first, CandidateKind.jointCopy);
    expect(unsettledIn(held(3, first, barrier, copied), held(1, first, barrier), held(2, INITIAL))).toBe(2);
  });

  test('not by barriers', () => {
    expect(settledTime([held(6, INITIAL, barrier)], THRESHOLDS)).toEqual(INITIAL_TIMESTAMP);
  });
});
