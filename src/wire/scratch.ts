const LONGEST = 4096;

/**
 * Arrays in which the inputs of digests and tags are put together. Each is filled and used up within one call, so one a length is
 * enough; a new one each time would cost more than most digests do.
 */
export class Scratch {
  readonly #arrays: (Uint8Array | undefined)[] = [];

  /** An array of that length with arbitrary contents, valid until the next call for the same length. */
  ofLength(length: number): Uint8Array {
    if (length > LONGEST) return new Uint8Array(length);
    let array = this.#arrays[length];
    if (array === undefined) {
      array = new Uint8Array(length);
      this.#arrays[length] = array;
    }
    return array;
  }
}
