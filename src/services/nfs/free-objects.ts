import { objectBelow } from './handle.ts';

const TAG_BITS = 48;
const HEXADECIMAL = 16;

/**
 * Names for the objects that a session makes. Those that it has removed come first, as inodes are used again; so the objects of a tree stay
 * few however long it is worked on. New ones bear a tag drawn once, by which the sessions of a shared tree keep apart.
 */
export class FreeObjects {
  readonly #root: string;
  readonly #tag: string;
  readonly #removed: string[] = [];
  #made = 0;

  constructor(root: string, random: () => number) {
    this.#root = root;
    this.#tag = Math.floor(random() * 2 ** TAG_BITS).toString(HEXADECIMAL);
  }

  take(): string {
    return this.#removed.pop() ?? objectBelow(this.#root, `${this.#tag}-${this.#made++}`);
  }

  /** It is free: it was removed, or was never made after all. */
  giveBack(object: string): void {
    this.#removed.push(object);
  }
}
