import type { ClientId } from '../../src/kernel/identifiers.ts';
import type { Microseconds } from '../../src/kernel/time.ts';
import { FurtherObjectsRecorder } from './further-objects-recorder.ts';
import { grown } from './grown-column.ts';
import type { DriverHistory } from './history.ts';
import type { Outcome } from './history-model.ts';
import { Numbering } from './numbering.ts';

const FIRST_CAPACITY = 64 * 1024;

export interface HistoryRecorderOptions {
  /** Without it, and without a limit, there is room for a second or so. */
  readonly capacity?: number | undefined;
  /** No limit by default. */
  readonly mostRows?: number | undefined;
}

/** Columns of a history that grow by doubling; an operation costs a few stores into typed arrays. */
export class HistoryRecorder {
  #length = 0;
  readonly #mostRows: number;
  #capacity: number;
  #invokedUs: Float64Array<ArrayBuffer>;
  #completedUs: Float64Array<ArrayBuffer>;
  #client: Uint32Array<ArrayBuffer>;
  #object: Uint32Array<ArrayBuffer>;
  #query: Uint8Array<ArrayBuffer>;
  #read: Uint8Array<ArrayBuffer>;
  #value: Float64Array<ArrayBuffer>;
  #content: Uint32Array<ArrayBuffer>;
  readonly #objects = new Numbering();
  readonly #further = new FurtherObjectsRecorder();

  constructor({ capacity = FIRST_CAPACITY, mostRows = Number.POSITIVE_INFINITY }: HistoryRecorderOptions = {}) {
    this.#mostRows = mostRows;
    this.#capacity = Math.min(capacity, mostRows);
    this.#invokedUs = new Float64Array(this.#capacity);
    this.#completedUs = new Float64Array(this.#capacity);
    this.#client = new Uint32Array(this.#capacity);
    this.#object = new Uint32Array(this.#capacity);
    this.#query = new Uint8Array(this.#capacity);
    this.#read = new Uint8Array(this.#capacity);
    this.#value = new Float64Array(this.#capacity);
    this.#content = new Uint32Array(this.#capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** No row may be opened any more; those under way may still end. */
  get isFull(): boolean {
    return this.#length >= this.#mostRows;
  }

  /** Opens a row, with unknown outcome, and returns its number. */
  invoked(atUs: Microseconds, client: ClientId, object: string, query: boolean, content = 0): number {
    const row = this.#length;
    if (row === this.#capacity) this.#grow();
    this.#length = row + 1;
    this.#invokedUs[row] = atUs;
    this.#completedUs[row] = Number.NaN;
    this.#client[row] = client;
    this.#object[row] = this.#objects.numberOf(object);
    this.#query[row] = query ? 1 : 0;
    this.#read[row] = query ? 1 : 0;
    this.#value[row] = Number.NaN;
    this.#content[row] = content;
    return row;
  }

  /** The row that was opened last is of an operation that works on these objects, too. */
  invokedAlsoOn(row: number, others: readonly string[], query: boolean): void {
    if (others.length === 0) return;
    this.#further.invoked(
      row,
      others.map((object) => this.#objects.numberOf(object)),
      query,
    );
  }

  completed(row: number, atUs: Microseconds, { value, read, content, others }: Outcome): void {
    if (others !== undefined) this.#further.completed(row, others);
    this.#completedUs[row] = atUs;
    this.#value[row] = value;
    this.#read[row] = read ? 1 : 0;
    this.#content[row] = content;
  }

  /** A copy of what was recorded so far. */
  history(driver: number): DriverHistory {
    const length = this.#length;
    return {
      driver,
      length,
      invokedUs: this.#invokedUs.slice(0, length),
      completedUs: this.#completedUs.slice(0, length),
      client: this.#client.slice(0, length),
      objects: this.#objects.names,
      object: this.#object.slice(0, length),
      query: this.#query.slice(0, length),
      read: this.#read.slice(0, length),
      value: this.#value.slice(0, length),
      content: this.#content.slice(0, length),
      further: this.#further.objects(),
    };
  }

  #grow(): void {
    this.#capacity = Math.min(2 * this.#capacity, this.#mostRows);
    this.#invokedUs = grown(this.#invokedUs, new Float64Array(this.#capacity));
    this.#completedUs = grown(this.#completedUs, new Float64Array(this.#capacity));
    this.#client = grown(this.#client, new Uint32Array(this.#capacity));
    this.#object = grown(this.#object, new Uint32Array(this.#capacity));
    this.#query = grown(this.#query, new Uint8Array(this.#capacity));
    this.#read = grown(this.#read, new Uint8Array(this.#capacity));
    this.#value = grown(this.#value, new Float64Array(this.#capacity));
    this.#content = grown(this.#content, new Uint32Array(this.#capacity));
  }
}
