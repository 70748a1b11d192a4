import type { Microseconds } from '../../../src/kernel/time.ts';

interface Entry<Event> {
  readonly atUs: Microseconds;
  /** Breaks ties: events of one instant happen in the order in which they were scheduled. */
  readonly sequence: number;
  readonly event: Event;
}

/** Events in the order of their time; a 4-ary heap, which touches fewer cache lines than a binary one. */
export class EventQueue<Event> {
  readonly #heap: Entry<Event>[] = [];
  #sequence = 0;

  get size(): number {
    return this.#heap.length;
  }

  push(atUs: Microseconds, event: Event): void {
    const heap = this.#heap;
    const entry = { atUs, sequence: this.#sequence++, event };
    let index = heap.length;
    heap.push(entry);
    while (index > 0) {
      const parent = (index - 1) >> 2;
      const above = heap[parent];
      if (above === undefined || before(above, entry)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = entry;
  }

  peekTime(): Microseconds | undefined {
    return this.#heap[0]?.atUs;
  }

  pop(): { readonly atUs: Microseconds; readonly event: Event } | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let index = 0;
    for (;;) {
      let least = -1;
      let smallest = last;
      const firstChild = 4 * index + 1;
      for (let child = firstChild; child < firstChild + 4 && child < heap.length; child++) {
        const candidate = heap[child];
        if (candidate !== undefined && before(candidate, smallest)) {
          least = child;
          smallest = candidate;
        }
      }
      if (least < 0) break;
      heap[index] = smallest;
      index = least;
    }
    heap[index] = last;
    return top;
  }
}

function before(a: Entry<unknown>, b: Entry<unknown>): boolean {
  return a.atUs < b.atUs || (a.atUs === b.atUs && a.sequence < b.sequence);
}
