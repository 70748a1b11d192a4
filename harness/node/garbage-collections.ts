import { PerformanceObserver } from 'node:perf_hooks';

/** Counts the pauses of this thread's garbage collector, and the time they took, for as long as the thread lives. */
export class GarbageCollections {
  readonly counts = { collections: 0, collectionUs: 0 };

  constructor() {
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) {
        this.counts.collections++;
        this.counts.collectionUs += duration * 1_000;
      }
    });
    observer.observe({ entryTypes: ['gc'] });
  }
}
