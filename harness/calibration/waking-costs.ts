import { Worker } from 'node:worker_threads';
import type { Microseconds } from '../../src/kernel/time.ts';
import { median } from '../metrics/median.ts';
import { compiledEntry } from '../node/entry.ts';
import { fourDigits } from './measured-cost.ts';
import { SLEEPERS_MEMORY_BYTES, type SleepersMemory, sleepersMemory } from './sleepers-memory.ts';

/** What it takes to wake someone whose core is idle. */
export interface WakingCosts {
  /**
   * Of the caller's CPU time, until it can go on: the kernel interrupts the other core. Here that is idle; to interrupt one that runs takes as long (in
   * traces of validated loads 16 to 18 µs where this was 15).
   */
  readonly interruptUs: Microseconds;
  /** From the call until the sleeper runs. */
  readonly wakeLatencyUs: Microseconds;
}

/**
 * For how long the sleeper's core is idle: a longer sleep is a deeper one. Cores of runs with one client are idle for 70 to 140 µs at a time in the
 * median (by traces of the kernel's `sched_switch`).
 */
const PAUSE_US = 100;
const LONGEST_WAKE_MS = 5_000;
const ROUNDS_PER_MS = 2;
/** First rounds run code that is not compiled yet. */
const WARM_UP_ROUNDS = 200;

/** Several threads, one after the other: it matters on which core one happens to sleep, and what that core's last sleeps were like. */
const SLEEPERS = 7;

/** Wakes sleeping threads over and over, each for about that time. Medians: a core that does something else meanwhile says nothing of waking. */
export async function measureWaking(timeMs: number): Promise<WakingCosts> {
  const measured: WakingCosts[] = [];
  for (let sleeper = 0; sleeper < SLEEPERS; sleeper++) measured.push(await wakeOne(timeMs));
  return {
    interruptUs: fourDigits(Math.max(0, median(measured.map(({ interruptUs }) => interruptUs)))),
    wakeLatencyUs: fourDigits(median(measured.map(({ wakeLatencyUs }) => wakeLatencyUs))),
  };
}

async function wakeOne(timeMs: number): Promise<WakingCosts> {
  const buffer = new SharedArrayBuffer(SLEEPERS_MEMORY_BYTES);
  const sleeper = new Worker(compiledEntry('calibration', 'sleeper-entry'), { workerData: buffer });
  try {
    await new Promise((resolve, reject) => {
      sleeper.once('online', resolve);
      sleeper.once('error', reject);
    });
    const memory = sleepersMemory(buffer);
    for (let round = 0; round < WARM_UP_ROUNDS; round++) wake(memory);
    const rounds = Array.from({ length: timeMs * ROUNDS_PER_MS }, () => wake(memory));
    // Nobody sleeps there: what a call costs that wakes no one.
    const unheardUs = rounds.map(() => usOf(() => Atomics.notify(memory.calls, 1)));
    return {
      interruptUs: median(rounds.map(({ callUs }) => callUs)) - median(unheardUs),
      wakeLatencyUs: median(rounds.map(({ latencyUs }) => latencyUs)),
    };
  } finally {
    await sleeper.terminate();
  }
}

function wake({ calls, wokeNs }: SleepersMemory): { readonly callUs: Microseconds; readonly latencyUs: Microseconds } {
  const before = Atomics.load(wokeNs, 0);
  pause();
  const calledNs = process.hrtime.bigint();
  Atomics.add(calls, 0, 1);
  Atomics.notify(calls, 0);
  const goesOnNs = process.hrtime.bigint();
  const lastMs = performance.now() + LONGEST_WAKE_MS;
  while (Atomics.load(wokeNs, 0) === before) {
    if (performance.now() > lastMs) throw new Error('a sleeping thread does not wake');
  }
  return {
    callUs: Number(goesOnNs - calledNs) / 1e3,
    latencyUs: Number(Atomics.load(wokeNs, 0) - calledNs) / 1e3,
  };
}

function pause(): void {
  const endMs = performance.now() + PAUSE_US / 1e3;
  while (performance.now() < endMs);
}

function usOf(work: () => void): Microseconds {
  const startedNs = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - startedNs) / 1e3;
}
