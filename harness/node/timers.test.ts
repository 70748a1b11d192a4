import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type TimerOwner, Timers } from './timers.ts';

interface Owner extends TimerOwner {
  readonly name: string;
}

const owner = (name: string): Owner => ({ name, deadlines: new Map() });

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function timersOf(...owners: readonly Owner[]) {
  const expired: string[] = [];
  const nowUs = () => Date.now() * 1e3;
  const timers = new Timers<Owner>(nowUs, ({ name }, timer) => expired.push(`${name}${timer}`));
  for (const each of owners) timers.add(each);
  return { timers, expired, after: (delayUs: number) => nowUs() + delayUs };
}

test('timers expire in the order of their deadlines, once', () => {
  const [a, b] = [owner('a'), owner('b')];
  const { timers, expired, after } = timersOf(a, b);
  timers.set(a, 1, after(30_000));
  timers.set(b, 1, after(10_000));
  timers.set(a, 2, after(10_500));
  vi.advanceTimersByTime(9);
  expect(expired).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(expired).toEqual(['b1']);
  vi.advanceTimersByTime(100);
  expect(expired).toEqual(['b1', 'a2', 'a1']);
});

test('setting a timer again moves it, cancelling ends it', () => {
  const a = owner('a');
  const { timers, expired, after } = timersOf(a);
  timers.set(a, 1, after(10_000));
  timers.set(a, 2, after(10_000));
  timers.set(a, 1, after(50_000));
  timers.cancel(a, 2);
  vi.advanceTimersByTime(49);
  expect(expired).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(expired).toEqual(['a1']);
});

test('a request that sets and cancels its timer arms nothing new', () => {
  const a = owner('a');
  const { timers, after } = timersOf(a);
  const arm = vi.spyOn(globalThis, 'setTimeout');
  for (let request = 0; request < 1_000; request++) {
    timers.set(a, 0, after(250_000));
    timers.cancel(a, 0);
  }
  expect(arm).toHaveBeenCalledTimes(1);
});

test('an expiry may set and cancel others of the same instant', () => {
  const a = owner('a');
  const expired: number[] = [];
  const timers = new Timers<Owner>(
    () => Date.now() * 1e3,
    (each, timer) => {
      expired.push(timer);
      timers.cancel(each, timer + 1);
      if (expired.length < 3) timers.set(each, timer, Date.now() * 1e3 + 5_000);
    },
  );
  timers.add(a);
  for (const timer of [1, 2]) timers.set(a, timer, Date.now() * 1e3 + 10_000);
  vi.advanceTimersByTime(100);
  expect(expired).toEqual([1, 1, 1]);
});

test('a check expires what the event loop is late for', () => {
  const a = owner('a');
  const { timers, expired, after } = timersOf(a);
  timers.set(a, 1, after(10_000));
  timers.check();
  expect(expired).toEqual([]);
  vi.setSystemTime(Date.now() + 20);
  timers.check();
  expect(expired).toEqual(['a1']);
});

test('nothing expires after closing', () => {
  const a = owner('a');
  const { timers, expired, after } = timersOf(a);
  timers.set(a, 1, after(10_000));
  timers.close();
  timers.set(a, 2, after(10_000));
  vi.advanceTimersByTime(1_000);
  timers.check();
  expect(expired).toEqual([]);
});
