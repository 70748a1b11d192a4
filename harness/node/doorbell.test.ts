import { Worker } from 'node:worker_threads';
import { describe, expect, test, vi } from 'vitest';
import { Doorbell } from './doorbell.ts';

const cellOf = () => new Int32Array(new SharedArrayBuffer(4));
/** Far longer than any test may take: whoever is not woken fails by time-out. */
const FOREVER_MS = 60_000;

describe('a thread does not fall asleep', () => {
  test('when it finds work that came in before others saw it sleep', () => {
    const hasWork = vi.fn(() => true);
    new Doorbell(cellOf()).sleep(FOREVER_MS, hasWork);
    expect(hasWork).toHaveBeenCalledTimes(1);
  });

  test('when it is woken while it looks for work', () => {
    const cell = cellOf();
    const peer = new Doorbell(cell);
    new Doorbell(cell).sleep(FOREVER_MS, () => {
      peer.wake();
      return false;
    });
  });

  test('once, when it was rung for while it was awake', () => {
    const bell = new Doorbell(cellOf());
    bell.ring();
    bell.sleep(FOREVER_MS, () => false);
    const hasWork = vi.fn(() => true);
    bell.sleep(FOREVER_MS, hasWork);
    expect(hasWork).toHaveBeenCalledTimes(1);
  });
});

test('a sleep ends after its time', () => {
  const bell = new Doorbell(cellOf());
  const start = performance.now();
  bell.sleep(5, () => false);
  expect(performance.now() - start).toBeGreaterThan(4);
});

test('waking a thread that is awake costs no system call', () => {
  const notify = vi.spyOn(Atomics, 'notify');
  new Doorbell(cellOf()).wake();
  expect(notify).not.toHaveBeenCalled();
  notify.mockRestore();
});

test.each(['wake', 'ring'] as const)('%s ends the sleep of another thread', async (call) => {
  const cell = cellOf();
  const bell = new Doorbell(cell);
  const worker = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads');
     Atomics.store(workerData, 0, 1);
     parentPort.postMessage(Atomics.wait(workerData, 0, 1, ${FOREVER_MS}));`,
    { eval: true, workerData: cell },
  );
  const said = new Promise((resolve) => worker.once('message', resolve));
  await vi.waitFor(() => expect(Atomics.load(cell, 0)).toBe(1), { timeout: 5_000 });
  bell[call]();
  expect(['ok', 'not-equal']).toContain(await said);
  await worker.terminate();
});
