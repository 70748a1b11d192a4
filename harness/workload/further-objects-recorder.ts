import { grown } from './grown-column.ts';
import type { FurtherObjects } from './history.ts';
import type { ObjectOutcome } from './history-model.ts';

/** Columns for the objects of operations beside their first. They begin empty: most loads have no such operation. */
export class FurtherObjectsRecorder {
  #length = 0;
  #capacity = 0;
  #row = new Uint32Array(0);
  #object = new Uint32Array(0);
  #read = new Uint8Array(0);
  #value = new Float64Array(0);
  #content = new Uint32Array(0);
  /** Where the entries of an operation under way begin, by its row. */
  readonly #firstOf = new Map<number, number>();

  /** Opens an entry for each object, by its number, with unknown outcome. Rows must come in ascending order. */
  invoked(row: number, objects: readonly number[], query: boolean): void {
    this.#firstOf.set(row, this.#length);
    for (const object of objects) {
      const entry = this.#length;
      if (entry === this.#capacity) this.#grow();
      this.#length = entry + 1;
      this.#row[entry] = row;
      this.#object[entry] = object;
      this.#read[entry] = query ? 1 : 0;
      this.#value[entry] = Number.NaN;
      this.#content[entry] = 0;
    }
  }

  /** `outcomes` are those of the operation's further objects, in their order. */
  completed(row: number, outcomes: readonly ObjectOutcome[]): void {
    const first = this.#firstOf.get(row);
    if (first === undefined) throw new Error(`the operation of row ${row} is not one of several objects under way`);
    this.#firstOf.delete(row);
    for (const [index, { value, read, content }] of outcomes.entries()) {
      this.#value[first + index] = value;
      this.#read[first + index] = read ? 1 : 0;
      this.#content[first + index] = content;
    }
  }

  /** A copy of what was recorded so far. */
  objects(): FurtherObjects {
    const length = this.#length;
    return {
      length,
      row: this.#row.slice(0, length),
      object: this.#object.slice(0, length),
      read: this.#read.slice(0, length),
      value: this.#value.slice(0, length),
      content: this.#content.slice(0, length),
    };
  }

  #grow(): void {
    this.#capacity = Math.max(1_024, 2 * this.#capacity);
    this.#row = grown(this.#row, new Uint32Array(this.#capacity));
    this.#object = grown(this.#object, new Uint32Array(this.#capacity));
    this.#read = grown(this.#read, new Uint8Array(this.#capacity));
    this.#value = grown(this.#value, new Float64Array(this.#capacity));
    this.#content = grown(this.#content, new Uint32Array(this.#capacity));
  }
}
