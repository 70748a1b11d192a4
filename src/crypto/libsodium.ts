import type instantiate from 'libsodium-sumo';
import { equalTags } from './equal-tags.ts';
import { DIGEST_BYTES, type Mac, type MacSuite } from './mac-suite.ts';

export type Library = Awaited<ReturnType<typeof instantiate>>;

const LONGEST_OUTPUT_BYTES = 64;
const LONGEST_KEY_BYTES = 32;

/**
 * libsodium as WebAssembly. A call of one of its C functions takes a fraction of a call through a native addon, which is most of the time
 * of a short tag. The functions read and write in a heap of their own: keys and inputs are copied to one place there, tags and
 * digests from there. They are called without the package's wrapper, which allocates at each call; whoever calls sees to the lengths.
 */
export class Sodium {
  readonly #library: Library;
  readonly #outputAt: number;
  readonly #keyAt: number;
  #inputAt: number;
  #inputCapacity = 4096;
  #heap: Uint8Array;
  #keyWords: Int32Array;
  #output: Uint8Array;

  constructor(library: Library) {
    this.#library = library;
    this.#outputAt = allocated(library, LONGEST_OUTPUT_BYTES);
    this.#keyAt = allocated(library, LONGEST_KEY_BYTES);
    this.#inputAt = allocated(library, this.#inputCapacity);
    this.#heap = library.HEAPU8;
    [this.#keyWords, this.#output] = this.#views();
  }

  /** What was computed last: valid until the next computation. */
  get output(): Uint8Array {
    return this.#output;
  }

  /** BLAKE2b of `outputBytes` (1 … 64), under a key of 16 or 32 bytes if one is given. */
  blake2b(input: Uint8Array, outputBytes: number, key?: Int32Array): void {
    this.#stage(input);
    let keyBytes = 0;
    if (key !== undefined) {
      this.#setKey(key);
      keyBytes = 4 * key.length;
    }
    const { _crypto_generichash: compute } = this.#library;
    if (compute(this.#outputAt, outputBytes, this.#inputAt, input.length, 0, this.#keyAt, keyBytes) !== 0) {
      throw new Error('BLAKE2b failed');
    }
  }

  /** SipHash-2-4, 8 bytes, under a key of 16. */
  sipHash(input: Uint8Array, key: Int32Array): void {
    this.#stage(input);
    this.#setKey(key);
    const { _crypto_shorthash: compute } = this.#library;
    if (compute(this.#outputAt, this.#inputAt, input.length, 0, this.#keyAt) !== 0) {
      throw new Error('SipHash-2-4 failed');
    }
  }

  #setKey(key: Int32Array): void {
    const words = this.#keyWords;
    for (let i = 0; i < key.length; i++) words[i] = key[i] ?? 0;
  }

  #stage(input: Uint8Array): void {
    if (input.length > this.#inputCapacity) this.#makeRoom(input.length);
    this.#heap.set(input, this.#inputAt);
  }

  #makeRoom(inputBytes: number): void {
    const capacity = Math.max(inputBytes, 2 * this.#inputCapacity);
    const larger = allocated(this.#library, capacity);
    this.#library._free(this.#inputAt);
    this.#inputAt = larger;
    this.#inputCapacity = capacity;
    // The heap may have been moved.
    this.#heap = this.#library.HEAPU8;
    [this.#keyWords, this.#output] = this.#views();
  }

  #views(): [keyWords: Int32Array, output: Uint8Array] {
    const { buffer } = this.#heap;
    return [
      new Int32Array(buffer, this.#keyAt, LONGEST_KEY_BYTES / 4),
      new Uint8Array(buffer, this.#outputAt, LONGEST_OUTPUT_BYTES),
    ];
  }
}

function allocated(library: Library, bytes: number): number {
  const pointer = library._malloc(bytes);
  if (pointer === 0) throw new Error(`libsodium's heap has no room for ${bytes} bytes`);
  return pointer;
}

/** The library, or why it can't run here: `node --jitless`, or too little address space for WebAssembly's heap (some 10 GiB are reserved). */
export type LoadedSodium = { readonly sodium: Sodium } | { readonly missing: string };

export const loadedSodium: LoadedSodium = await loadSodium();

async function loadSodium(): Promise<LoadedSodium> {
  if (!('WebAssembly' in globalThis)) return { missing: 'there is no WebAssembly here' };
  try {
    const { default: load } = await import('libsodium-sumo');
    return { sodium: new Sodium(await load()) };
  } catch (error) {
    return { missing: firstLine(error) };
  }
}

function firstLine(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return line;
}

/** Leaves the tag of `input` in `sodium.output`. */
type Tag = (sodium: Sodium, input: Uint8Array, key: Int32Array) => void;

class SodiumMac implements Mac {
  readonly #sodium: Sodium;
  readonly #tag: Tag;
  readonly #tagBytes: number;
  readonly #key: Int32Array;

  /** `keyBytes`, a multiple of 4, is what the tag is computed with, whatever the key's length: C functions check nothing. */
  constructor(sodium: Sodium, tag: Tag, tagBytes: number, keyBytes: number, key: Uint8Array) {
    if (key.length !== keyBytes) throw new RangeError(`a key of ${key.length} bytes; ${keyBytes} are needed`);
    this.#sodium = sodium;
    this.#tag = tag;
    this.#tagBytes = tagBytes;
    this.#key = new Int32Array(Uint8Array.from(key).buffer);
  }

  /** Throws a RangeError if `tags` has no room for the tag. */
  generate(bytes: Uint8Array, tags: Uint8Array, offset: number): void {
    const length = this.#tagBytes;
    if (offset < 0 || offset + length > tags.length) throw new RangeError('no room for the tag');
    this.#tag(this.#sodium, bytes, this.#key);
    const { output } = this.#sodium;
    for (let i = 0; i < length; i++) tags[offset + i] = output[i] ?? 0;
  }

  verify(bytes: Uint8Array, tags: Uint8Array, offset: number): boolean {
    this.#tag(this.#sodium, bytes, this.#key);
    return equalTags(this.#sodium.output, tags, offset, this.#tagBytes);
  }
}

function blake2bDigest(sodium: Sodium): (bytes: Uint8Array) => Uint8Array {
  return (bytes) => {
    sodium.blake2b(bytes, DIGEST_BYTES);
    return sodium.output.slice(0, DIGEST_BYTES);
  };
}

/** BLAKE2b (RFC 7693) with 32 bytes of output, keyed for tags. */
export function blake2b(sodium: Sodium): MacSuite {
  const [tagBytes, keyBytes] = [32, 32];
  const tag: Tag = (library, input, key) => library.blake2b(input, tagBytes, key);
  return {
    name: 'blake2b',
    summary: 'BLAKE2b-256, keyed for tags, libsodium, 256-bit tags',
    tagBytes,
    keyBytes,
    digest: blake2bDigest(sodium),
    keyed: (key) => new SodiumMac(sodium, tag, tagBytes, keyBytes, key),
  };
}

/** 64-bit tags, as the prototypes of the literature used (UMAC); digests stay collision resistant. */
export function siphash24(sodium: Sodium): MacSuite {
  const [tagBytes, keyBytes] = [8, 16];
  const tag: Tag = (library, input, key) => library.sipHash(input, key);
  return {
    name: 'siphash-2-4',
    summary: 'SipHash-2-4 for tags, BLAKE2b-256 for digests, libsodium, 64-bit tags',
    tagBytes,
    keyBytes,
    digest: blake2bDigest(sodium),
    keyed: (key) => new SodiumMac(sodium, tag, tagBytes, keyBytes, key),
  };
}
