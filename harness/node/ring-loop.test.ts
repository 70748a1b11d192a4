import { setImmediate as pass } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { hostClockUs } from './clock.ts';
import { RingLoop } from './ring-loop.ts';

let loop: RingLoop | undefined;

afterEach(() => {
  loop?.stop();
  loop = undefined;
});

/** A link that has as much to do as it is told, and does not really sleep. */
function driven(busyRounds: number, nextDeadlineUs = () => Number.POSITIVE_INFINITY) {
  const done = { rounds: 0, sleeps: [] as number[] };
  const link = {
    round: () => {
      done.rounds++;
      return done.rounds <= busyRounds;
    },
    sleep: (timeoutMs: number) => void done.sleeps.push(timeoutMs),
  };
  loop = new RingLoop({ link, nextDeadlineUs });
  loop.start();
  return done;
}

test('rounds go on while there is something to do, then the thread sleeps once before it serves the event loop', async () => {
  const done = driven(3);
  await pass();
  expect(done.sleeps).toEqual([10]);
  expect(done.rounds).toBe(5);
  await pass();
  expect(done.sleeps).toEqual([10, 10]);
});

test('the event loop is served though there is always something to do', async () => {
  const done = driven(Number.POSITIVE_INFINITY);
  const passes = [0, 0, 0];
  for (const index of passes.keys()) {
    await pass();
    passes[index] = done.rounds;
  }
  expect(passes[0]).toBeGreaterThan(0);
  expect(passes).toEqual([...passes].sort((a, b) => a - b));
  expect(done.sleeps).toEqual([]);
});

test('a sleep ends for the next deadline, and is no spinning when that is over', async () => {
  const deadlineUs = hostClockUs() + 9_000;
  const soon = driven(0, () => deadlineUs);
  await pass();
  expect(soon.sleeps[0]).toBeGreaterThanOrEqual(0.1);
  expect(soon.sleeps[0]).toBeLessThan(9);
  loop?.stop();
  const past = driven(0, () => 0);
  await pass();
  expect(past.sleeps).toEqual([0.1]);
});

test('a stopped loop makes no more rounds', async () => {
  const done = driven(0);
  await pass();
  loop?.stop();
  const { rounds } = done;
  await pass();
  await pass();
  expect(done.rounds).toBe(rounds);
});
