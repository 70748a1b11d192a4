import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventQueue } from './event-queue.ts';
import { VirtualTimers } from './virtual-timers.ts';

/** Timers with a queue of their own, and what expired when. */
class Bench {
  readonly expired: { timer: number; atUs: number }[] = [];
  nowUs = 0;
  scheduled = 0;
  mostScheduled = 0;
  readonly #queue = new EventQueue<'wake-up'>();
  readonly timers = new VirtualTimers((atUs) => {
    this.scheduled++;
    this.#queue.push(atUs, 'wake-up');
    this.mostScheduled = Math.max(this.mostScheduled, this.#queue.size);
  });
  /** What a timer that expires does. */
  onExpiry: (timer: number) => void = () => {};

  runUntil(untilUs: number): void {
    for (;;) {
      const atUs = this.#queue.peekTime();
      if (atUs === undefined || atUs > untilUs) break;
      this.#queue.pop();
      this.nowUs = Math.max(this.nowUs, atUs);
      this.timers.expire(this.nowUs, (timer) => {
        this.expired.push({ timer, atUs: this.nowUs });
        this.onExpiry(timer);
      });
    }
    this.nowUs = untilUs;
  }
}

test('a timer expires once, at its time; one that was cancelled does not, one that was moved only at its new time', () => {
  const bench = new Bench();
  bench.timers.set(1, 10);
  bench.timers.set(2, 20);
  bench.timers.set(3, 30);
  bench.timers.set(4, 40);
  bench.timers.cancel(1);
  bench.timers.set(2, 25);
  bench.timers.set(4, 5);
  bench.runUntil(100);
  expect(bench.expired).toEqual([
    { timer: 4, atUs: 5 },
    { timer: 2, atUs: 25 },
    { timer: 3, atUs: 30 },
  ]);
});

test('a timer set anew with every operation is one event in the queue for its whole delay', () => {
  const bench = new Bench();
  for (let atUs = 0; atUs < 1_000_000; atUs += 25) {
    bench.runUntil(atUs);
    bench.timers.set(0, atUs + 200_000);
    bench.timers.cancel(0);
    bench.timers.set(0, atUs + 200_000);
  }
  expect(bench.expired).toEqual([]);
  expect(bench.mostScheduled).toBe(1);
  expect(bench.scheduled).toBeLessThan(10);
});

test('a short timer beside a long one does not fill the queue with wake-ups for the long one', () => {
  const bench = new Bench();
  bench.timers.set(0, 1_000_000);
  bench.onExpiry = (timer) => {
    if (timer === 1) bench.timers.set(1, bench.nowUs + 100);
  };
  bench.timers.set(1, 100);
  bench.runUntil(500_000);
  expect(bench.expired.length).toBe(5_000);
  expect(bench.mostScheduled).toBe(2);
});

test('where a node is late, what is due expires in the order of the deadlines, and of equal ones in that of their numbers', () => {
  const timers = new VirtualTimers(() => {});
  timers.set(5, 10);
  timers.set(4, 10);
  timers.set(3, 20);
  timers.set(2, 15);
  timers.set(1, 31);
  const expired: number[] = [];
  expect([timers.isDue(9), timers.isDue(10)]).toEqual([false, true]);
  timers.expire(30, (timer) => expired.push(timer));
  expect(expired).toEqual([4, 5, 2, 3]);
  expect([timers.isDue(30), timers.isDue(31)]).toEqual([false, true]);
});

test('one that expires may cancel, move and set others, and itself', () => {
  const bench = new Bench();
  for (const timer of [1, 2, 3]) bench.timers.set(timer, 10);
  bench.onExpiry = (timer) => {
    if (timer !== 1 || bench.nowUs > 10) return;
    bench.timers.cancel(2);
    bench.timers.set(3, 12);
    bench.timers.set(4, 10);
    bench.timers.set(1, 11);
  };
  bench.runUntil(100);
  expect(bench.expired).toEqual([
    { timer: 1, atUs: 10 },
    { timer: 4, atUs: 10 },
    { timer: 1, atUs: 11 },
    { timer: 3, atUs: 12 },
  ]);
});

const step = fc.record({
  afterUs: fc.nat({ max: 8 }),
  timer: fc.nat({ max: 3 }),
  delayUs: fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined }),
});

test('whatever is set and cancelled, timers expire as if each had an event of its own', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const bench = new Bench();
      const deadlines = new Map<number, number>();
      const expected: { timer: number; atUs: number }[] = [];
      const passTo = (untilUs: number) => {
        const due = [...deadlines].filter(([, atUs]) => atUs <= untilUs);
        due.sort(([a, aUs], [b, bUs]) => aUs - bUs || a - b);
        for (const [timer, atUs] of due) {
          deadlines.delete(timer);
          expected.push({ timer, atUs });
        }
        bench.runUntil(untilUs);
      };
      for (const { afterUs, timer, delayUs } of steps) {
        passTo(bench.nowUs + afterUs);
        if (delayUs === undefined) {
          bench.timers.cancel(timer);
          deadlines.delete(timer);
        } else {
          bench.timers.set(timer, bench.nowUs + delayUs);
          deadlines.set(timer, bench.nowUs + delayUs);
        }
      }
      passTo(bench.nowUs + 100);
      expect(bench.expired).toEqual(expected);
    }),
  );
});

test('timers that are all cancelled ask for no further wake-up', () => {
  const bench = new Bench();
  bench.onExpiry = (timer) => bench.timers.set(timer, bench.nowUs + 10);
  bench.timers.set(1, 10);
  bench.timers.set(2, 25);
  bench.runUntil(20);
  expect(bench.expired).toHaveLength(2);
  bench.timers.cancelAll();
  const { scheduled } = bench;
  bench.runUntil(1_000);
  expect(bench.expired).toHaveLength(2);
  expect(bench.scheduled).toBe(scheduled);
});
