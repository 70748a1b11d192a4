import { expect, test } from 'vitest';
import { lossOf, retransmissionUs } from './retransmission.ts';

const ROUND_TRIP_US = 30_000;
const never = () => 0.999;

function lateUs(followers: number, gapUs: number): number {
  return retransmissionUs({ loss: 0.01, followers, gapUs, roundTripUs: ROUND_TRIP_US }, never);
}

test('three packets behind the lost one bring it in a round trip', () => {
  expect(lateUs(3, 1e9)).toBe(ROUND_TRIP_US);
});

test('fewer have to be followed by those of later writes', () => {
  expect(lateUs(1, 5_000)).toBe(ROUND_TRIP_US + 2 * 5_000);
  expect(lateUs(0, 5_000)).toBe(ROUND_TRIP_US + 3 * 5_000);
});

test('where nothing follows in time, the timer brings it', () => {
  expect(lateUs(0, 1e9)).toBe(ROUND_TRIP_US + 200_000);
  expect(lateUs(0, Number.POSITIVE_INFINITY)).toBe(ROUND_TRIP_US + 200_000);
});

test.each([
  ['which has run out already: it doubles', 0, 1e9, (1 + 2 + 4) * (ROUND_TRIP_US + 200_000)],
  ['once the fast way has failed', 3, 1e9, ROUND_TRIP_US + (1 + 2) * (ROUND_TRIP_US + 200_000)],
])('what is lost again is brought by the timer, %s', (_, followers, gapUs, expectedUs) => {
  const draws = [0, 0, 0.5];
  const random = () => draws.shift() ?? Number.NaN;
  expect(retransmissionUs({ loss: 0.01, followers, gapUs, roundTripUs: ROUND_TRIP_US }, random)).toBe(expectedUs);
});

test('a link that loses everything ends the wait, not the program', () => {
  const message = { loss: 1, followers: 0, gapUs: 1e9, roundTripUs: ROUND_TRIP_US };
  expect(retransmissionUs(message, () => 0)).toBeGreaterThan(600e6);
});

test('a message is likelier to lose something the more packets it has', () => {
  expect(lossOf(0.1, 1)).toBe(0.1);
  expect(lossOf(0.1, 2)).toBeCloseTo(0.19, 12);
});
