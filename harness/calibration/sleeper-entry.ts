import { workerData } from 'node:worker_threads';
import { sleepersMemory } from './sleepers-memory.ts';

/** A thread that sleeps until it is called, tells when it woke, and sleeps again. */
const { calls, wokeNs } = sleepersMemory(workerData);
for (let heard = 0; ; ) {
  Atomics.wait(calls, 0, heard);
  const now = Atomics.load(calls, 0);
  if (now !== heard) Atomics.store(wokeNs, 0, process.hrtime.bigint());
  heard = now;
}
