import type { Timestamp } from '../qu/timestamp.ts';

/** A version that was complete when the client last saw it. */
export interface KnownValue {
  readonly timestamp: Timestamp;
  /** An encoded Value. */
  readonly value: Uint8Array;
}

/** Bytes of values that a client keeps, names and timestamps not counted. */
const MOST_BYTES = 64 * 1024 * 1024;

/** The last value that a client has seen of each object; the object that was seen longest ago leaves first. */
export class ValueCache {
  readonly #mostObjects: number;
  readonly #mostBytes: number;
  readonly #values = new Map<string, KnownValue>();
  #bytes = 0;

  constructor(mostObjects: number, mostBytes = MOST_BYTES) {
    this.#mostObjects = mostObjects;
    this.#mostBytes = mostBytes;
  }

  get(object: string): KnownValue | undefined {
    return this.#values.get(object);
  }

  set(object: string, known: KnownValue): void {
    this.#delete(object);
    this.#values.set(object, known);
    this.#bytes += known.value.length;
    for (const oldest of this.#values.keys()) {
      if (this.#values.size <= this.#mostObjects && this.#bytes <= this.#mostBytes) return;
      this.#delete(oldest);
    }
  }

  #delete(object: string): void {
    this.#bytes -= this.#values.get(object)?.value.length ?? 0;
    this.#values.delete(object);
  }
}
