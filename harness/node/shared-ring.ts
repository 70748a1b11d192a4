/** A byte ring in shared memory: one thread writes, another reads. */
export interface SharedRing {
  /** Its cells: how far was written and read, in bytes modulo 2^32, and whether the writer waits for space. */
  readonly cells: Int32Array<SharedArrayBuffer>;
  /** A power of two long, so that positions may wrap at 2^32. */
  readonly bytes: Uint8Array<SharedArrayBuffer>;
}

/** Far enough apart that the two threads don't take each other's cache lines: two of 64 bytes are fetched at once. */
const WRITTEN = 0;
const READ = 32;
const WRITER_WAITS = 33;
const CELLS_BYTES = 256;

/** Bytes that a ring takes in memory. */
export function sharedRingBytes(capacityBytes: number): number {
  return CELLS_BYTES + capacityBytes;
}

/** The ring at `offset` of zeroed memory, which must be a multiple of 4. Throws a RangeError if the capacity is no power of two. */
export function sharedRing(memory: SharedArrayBuffer, offset: number, capacityBytes: number): SharedRing {
  if (capacityBytes < 1 || capacityBytes > 2 ** 30 || !Number.isInteger(Math.log2(capacityBytes))) {
    throw new RangeError(`a ring's capacity must be a power of two of at most 1 GiB, not ${capacityBytes}`);
  }
  return {
    cells: new Int32Array(memory, offset, CELLS_BYTES / Int32Array.BYTES_PER_ELEMENT),
    bytes: new Uint8Array(memory, offset + CELLS_BYTES, capacityBytes),
  };
}

/** The one writer of a ring. */
export class RingWriter {
  readonly #ring: SharedRing;
  #written: number;
  /** As last looked up: the reader may be further. */
  #read: number;

  constructor(ring: SharedRing) {
    this.#ring = ring;
    this.#written = Atomics.load(ring.cells, WRITTEN);
    this.#read = Atomics.load(ring.cells, READ);
  }

  /** Writes as many of the first bytes as there is space for, and returns their number. */
  write(source: Uint8Array): number {
    const { bytes, cells } = this.#ring;
    const capacity = bytes.length;
    if (this.#free() < source.length) this.#read = Atomics.load(cells, READ);
    const length = Math.min(source.length, this.#free());
    if (length === 0) return 0;
    const start = this.#written & (capacity - 1);
    const first = Math.min(length, capacity - start);
    bytes.set(first === source.length ? source : source.subarray(0, first), start);
    if (first < length) bytes.set(source.subarray(first, length), 0);
    this.#written = (this.#written + length) | 0;
    Atomics.store(cells, WRITTEN, this.#written);
    return length;
  }

  /** Asks the reader to say when it has made space. True if there is space already. */
  awaitSpace(): boolean {
    Atomics.store(this.#ring.cells, WRITER_WAITS, 1);
    return this.hasSpace();
  }

  hasSpace(): boolean {
    this.#read = Atomics.load(this.#ring.cells, READ);
    return this.#free() > 0;
  }

  #free(): number {
    return this.#ring.bytes.length - ((this.#written - this.#read) | 0);
  }
}

/** The one reader of a ring. */
export class RingReader {
  readonly #ring: SharedRing;
  #read: number;

  constructor(ring: SharedRing) {
    this.#ring = ring;
    this.#read = Atomics.load(ring.cells, READ);
  }

  isEmpty(): boolean {
    return Atomics.load(this.#ring.cells, WRITTEN) === this.#read;
  }

  /** Takes what is there, copied to memory that only this thread has; undefined if there is nothing. At most `mostBytes`. */
  read(mostBytes = this.#ring.bytes.length): Buffer | undefined {
    const { bytes, cells } = this.#ring;
    const capacity = bytes.length;
    const length = Math.min((Atomics.load(cells, WRITTEN) - this.#read) | 0, mostBytes);
    if (length === 0) return undefined;
    const chunk = Buffer.allocUnsafe(length);
    const start = this.#read & (capacity - 1);
    const first = Math.min(length, capacity - start);
    chunk.set(bytes.subarray(start, start + first), 0);
    if (first < length) chunk.set(bytes.subarray(0, length - first), first);
    this.#read = (this.#read + length) | 0;
    Atomics.store(cells, READ, this.#read);
    return chunk;
  }

  /** Whether the writer waits for the space that was made since it asked. To be asked after `read`; true once. */
  takeWriterWaits(): boolean {
    const { cells } = this.#ring;
    if (Atomics.load(cells, WRITER_WAITS) === 0) return false;
    Atomics.store(cells, WRITER_WAITS, 0);
    return true;
  }
}
