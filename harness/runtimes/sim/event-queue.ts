import type { Microseconds } from '../../../src/kernel/time.ts';

const FIRST_CAPACITY = 1024;

/**
 * Events in the order of their time; those of one instant in the order in which they were scheduled.
 *
 * A 4-ary heap, which touches fewer cache lines than a binary one. Its entries lie in three typed arrays: time, sequence number, and the slot
 * where the event itself waits; so nothing is allocated for an event, and none is touched while others move.
 */
export class EventQueue<Event> {
  #times = new Float64Array(FIRST_CAPACITY);
  #sequences = new Float64Array(FIRST_CAPACITY);
  #slots = new Int32Array(FIRST_CAPACITY);
  #size = 0;
  #sequence = 0;
  readonly #events: (Event | undefined)[] = [];
  /** Slots that are free again; the first `#free` count. */
  readonly #freeSlots: number[] = [];
  #free = 0;

  get size(): number {
    return this.#size;
  }

  push(atUs: Microseconds, event: Event): void {
    if (this.#size === this.#times.length) this.#grow();
    this.#rise(this.#size++, atUs, this.#sequence++, this.#keep(event));
  }

  /** When the next event happens; undefined if there is none. */
  peekTime(): Microseconds | undefined {
    return this.#size === 0 ? undefined : this.#times[0];
  }

  /** Takes the next event, the one of `peekTime`; undefined if there is none. */
  pop(): Event | undefined {
    if (this.#size === 0) return undefined;
    const event = this.#release(this.#slots[0] ?? 0);
    const last = --this.#size;
    // The last entry belongs near the leaves: a way down without looking at it, and a short one up again, takes fewer comparisons.
    if (last > 0) {
      const gap = this.#sink(last);
      this.#rise(gap, this.#times[last] ?? 0, this.#sequences[last] ?? 0, this.#slots[last] ?? 0);
    }
    return event;
  }

  /** Fills the root, which is free, from below; returns which place is free then. */
  #sink(size: number): number {
    let gap = 0;
    for (;;) {
      const first = 4 * gap + 1;
      if (first >= size) return gap;
      const least =
        first + 4 <= size
          ? this.#earlier(this.#earlier(first, first + 1), this.#earlier(first + 2, first + 3))
          : this.#earliest(first, size);
      this.#move(least, gap);
      gap = least;
    }
  }

  /** Puts an entry in its place, at `gap` or on the way from there to the root. */
  #rise(gap: number, time: number, sequence: number, slot: number): void {
    const times = this.#times;
    const sequences = this.#sequences;
    let index = gap;
    while (index > 0) {
      const parent = (index - 1) >> 2;
      const parentTime = times[parent] ?? 0;
      if (parentTime < time || (parentTime === time && (sequences[parent] ?? 0) < sequence)) break;
      this.#move(parent, index);
      index = parent;
    }
    times[index] = time;
    sequences[index] = sequence;
    this.#slots[index] = slot;
  }

  #move(from: number, to: number): void {
    this.#times[to] = this.#times[from] ?? 0;
    this.#sequences[to] = this.#sequences[from] ?? 0;
    this.#slots[to] = this.#slots[from] ?? 0;
  }

  #earlier(one: number, other: number): number {
    const time = this.#times[one] ?? 0;
    const otherTime = this.#times[other] ?? 0;
    if (time !== otherTime) return time < otherTime ? one : other;
    return (this.#sequences[one] ?? 0) < (this.#sequences[other] ?? 0) ? one : other;
  }

  #earliest(first: number, end: number): number {
    let earliest = first;
    for (let index = first + 1; index < end; index++) earliest = this.#earlier(earliest, index);
    return earliest;
  }

  #keep(event: Event): number {
    if (this.#free === 0) return this.#events.push(event) - 1;
    const slot = this.#freeSlots[--this.#free] ?? 0;
    this.#events[slot] = event;
    return slot;
  }

  #release(slot: number): Event | undefined {
    const event = this.#events[slot];
    this.#events[slot] = undefined;
    this.#freeSlots[this.#free++] = slot;
    return event;
  }

  #grow(): void {
    const capacity = 2 * this.#size;
    this.#times = enlarged(this.#times, new Float64Array(capacity));
    this.#sequences = enlarged(this.#sequences, new Float64Array(capacity));
    this.#slots = enlarged(this.#slots, new Int32Array(capacity));
  }
}

function enlarged<Numbers extends Float64Array | Int32Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
}
