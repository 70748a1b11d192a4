/** What a sleeping thread and the one that wakes it have in common. */
export interface SleepersMemory {
  /** How often it has been called; beside it, a word that nobody sleeps at. */
  readonly calls: Int32Array;
  /** When it last woke, in ns of the monotonic clock. */
  readonly wokeNs: BigInt64Array;
}

export const SLEEPERS_MEMORY_BYTES = 16;

/** Throws if that is not the memory. */
export function sleepersMemory(buffer: unknown): SleepersMemory {
  if (!(buffer instanceof SharedArrayBuffer)) throw new Error('a sleeping thread has shared memory');
  return { calls: new Int32Array(buffer, 0, 2), wokeNs: new BigInt64Array(buffer, 8, 1) };
}
