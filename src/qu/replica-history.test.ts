import { expect, test } from 'vitest';
import {
  CANDIDATE_BYTES,
  historyAfterMethod,
  historyWith,
  holdsCandidate,
  INITIAL_CANDIDATE,
  INITIAL_HISTORY,
  isReplicaHistory,
  MOST_CANDIDATES,
  makeCandidate,
  newestCandidate,
  newestObjectCandidate,
  offsetOfTimestamp,
  timestampOf,
  unprunedHistoryAfterMethod,
} from './replica-history.ts';
import { barrierCandidate, historyOf, versionCandidate } from './testing/histories.ts';

const first = versionCandidate(1);
const second = versionCandidate(2, first);
const barrier = barrierCandidate(3);

test('a method leaves the complete candidate that it is conditioned on, and itself', () => {
  expect(historyAfterMethod(first, timestampOf(second))).toEqual(historyOf(first, second));
});

test('without pruning a method leaves what is older, up to the bound; the oldest goes first', () => {
  const third = versionCandidate(3, second);
  const after = (most: number) =>
    unprunedHistoryAfterMethod(historyOf(first, second), second, timestampOf(third), most);
  expect(after(64)).toEqual(historyOf(first, second, third));
  expect(after(3)).toEqual(historyOf(first, second, third));
  expect(after(2)).toEqual(historyOf(second, third));
  // A replica that missed the conditioned-on candidate takes it up, as with pruning.
  expect(unprunedHistoryAfterMethod(historyOf(first), second, timestampOf(third), 64)).toEqual(
    historyOf(first, second, third),
  );
});

test('a newer barrier takes the place of older ones, versions stay', () => {
  const withBarrier = historyWith(historyOf(first, second), barrier);
  expect(withBarrier).toEqual(historyOf(first, second, barrier));
  expect(historyWith(withBarrier, barrierCandidate(4))).toEqual(historyOf(first, second, barrierCandidate(4)));
  const copy = versionCandidate(5, second);
  expect(historyWith(withBarrier, copy)).toEqual(historyOf(first, second, barrier, copy));
});

test('the newest candidate and the newest version differ behind a barrier', () => {
  expect(newestCandidate(historyOf(first, barrier))).toEqual(barrier);
  expect(newestObjectCandidate(historyOf(first, barrier))).toEqual(first);
  expect(newestObjectCandidate(historyOf(barrier))).toBeUndefined();
});

test('a candidate is found by its timestamp, and counts only with what it is conditioned on', () => {
  const history = historyOf(first, second);
  expect(offsetOfTimestamp(history, timestampOf(second))).toBe(CANDIDATE_BYTES);
  expect(offsetOfTimestamp(history, timestampOf(first))).toBe(0);
  expect(offsetOfTimestamp(history, timestampOf(barrier))).toBe(-1);
  expect(offsetOfTimestamp(history, timestampOf(INITIAL_CANDIDATE))).toBe(-1);
  expect(holdsCandidate(history, second)).toBe(true);
  expect(holdsCandidate(history, makeCandidate(timestampOf(second), timestampOf(INITIAL_CANDIDATE)))).toBe(false);
});

test.each([
  ['the initial history', INITIAL_HISTORY, true],
  ['an ascending one', historyOf(first, second, barrier), true],
  ['no candidates', new Uint8Array(0), false],
  ['half a candidate', first.subarray(1), false],
  ['descending candidates', historyOf(second, first), false],
  ['a candidate twice', historyOf(first, first), false],
  [
    'too many',
    historyOf(...Array.from({ length: MOST_CANDIDATES + 1 }, (_, time) => versionCandidate(time + 1))),
    false,
  ],
])('%s: is it a history?', (_, bytes, expected) => {
  expect(isReplicaHistory(bytes)).toBe(expected);
});
