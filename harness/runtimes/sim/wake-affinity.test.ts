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
  interruptCore: () => 0,
});

function wakes(affinity: WakeAffinity, waker: Scheduled, woken: readonly Scheduled[]): void {
  for (const each of woken) affinity.record(waker, each, 0);
}

test('nodes may draw each other while neither changes whom it wakes twice as often as the other, on two cores', () => {
  const affinity = new WakeAffinity(2);
  const [one, other, third] = [node(), node(), node()];
  expect(affinity.mayDraw(one, other)).toBe(false);
  wakes(affinity, one, [other, third]);
  expect(affinity.mayDraw(one, other)).toBe(false);
  wakes(affinity, other, [one]);
  expect(affinity.mayDraw(one, other)).toBe(false);
  wakes(affinity, other, [third]);
  expect(affinity.mayDraw(one, other)).toBe(true);
  expect(affinity.mayDraw(other, one)).toBe(true);
  wakes(affinity, one, [other, third]);
  expect(affinity.mayDraw(other, one)).toBe(false);
});

test('to wake the same one again is no change', () => {
  const affinity = new WakeAffinity(2);
  const [one, other, third] = [node(), node(), node()];
  wakes(affinity, one, [other, other, other]);
  wakes(affinity, other, [third, third]);
  expect(affinity.mayDraw(one, other)).toBe(true);
});

test('counts are halved at the first wake after each second', () => {
  const affinity = new WakeAffinity(2);
  const [one, other, third] = [node(), node(), node()];
  wakes(affinity, one, [other, third, other, third]);
  wakes(affinity, other, [one, third]);
  expect(affinity.mayDraw(one, other)).toBe(false);
  affinity.record(one, third, 1e6);
  expect(affinity.mayDraw(one, other)).toBe(false);
  affinity.record(one, third, 1e6 + 1);
  expect(affinity.mayDraw(one, other)).toBe(true);
});
