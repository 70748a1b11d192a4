import { expect, test } from 'vitest';
import { Core, type Scheduled } from './core.ts';
import { WakeAffinity } from './wake-affinity.ts';

const core = new Core(1_000);
const node = (): Scheduled => ({
  virtualUs: 0,
  deadlineUs: 0,
  lagUs: 0,
  ranUntilUs: 0,
  core,
  start: (atUs) => atUs,
  stop: () => {},
});

function wakes(affinity: WakeAffinity, waker: Scheduled, woken: readonly Scheduled[]): void {
  for (const each of woken) affinity.record(waker, each);
}

test('nodes are alike while neither changes whom it wakes twice as often as the other, on two cores', () => {
  const affinity = new WakeAffinity(2);
  const [one, other, third] = [node(), node(), node()];
  expect(affinity.areAlike(one, other)).toBe(false);
  wakes(affinity, one, [other, third]);
  expect(affinity.areAlike(one, other)).toBe(false);
  wakes(affinity, other, [one]);
  expect(affinity.areAlike(one, other)).toBe(false);
  wakes(affinity, other, [third]);
  expect(affinity.areAlike(one, other)).toBe(true);
  expect(affinity.areAlike(other, one)).toBe(true);
  wakes(affinity, one, [other, third]);
  expect(affinity.areAlike(other, one)).toBe(false);
});

test('to wake the same one again is no change', () => {
  const affinity = new WakeAffinity(2);
  const [one, other, third] = [node(), node(), node()];
  wakes(affinity, one, [other, other, other]);
  wakes(affinity, other, [third, third]);
  expect(affinity.areAlike(one, other)).toBe(true);
});
