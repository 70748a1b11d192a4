import type { Handle } from './handle.ts';

/**
 * What a session believes of a set of numbered names: which are taken, and by what. Draws one of either kind in constant time: the names stand in
 * one array, the taken ones first.
 */
export class KnownFiles {
  readonly #names: number[];
  readonly #places: number[];
  readonly #handles = new Map<number, Handle>();

  constructor(names: number) {
    this.#names = Array.from({ length: names }, (_, name) => name);
    this.#places = [...this.#names];
  }

  get taken(): number {
    return this.#handles.size;
  }

  get free(): number {
    return this.#names.length - this.taken;
  }

  handleOf(name: number): Handle | undefined {
    return this.#handles.get(name);
  }

  /** `random` in [0, 1). Only where at least one is taken. */
  drawTaken(random: number): number {
    return this.#names[Math.floor(random * this.taken)] ?? 0;
  }

  /** `random` in [0, 1). Only where at least one is free. */
  drawFree(random: number): number {
    return this.#names[this.taken + Math.floor(random * this.free)] ?? 0;
  }

  take(name: number, handle: Handle): void {
    if (!this.#handles.has(name)) this.#swap(name, this.taken);
    this.#handles.set(name, handle);
  }

  release(name: number): void {
    if (!this.#handles.delete(name)) return;
    this.#swap(name, this.taken);
  }

  #swap(name: number, place: number): void {
    const [from, other] = [this.#places[name], this.#names[place]];
    if (from === undefined || other === undefined) return;
    this.#names[place] = name;
    this.#names[from] = other;
    this.#places[name] = place;
    this.#places[other] = from;
  }
}
