import { createRequire } from 'node:module';
import type binding from 'sodium-native/binding';
import { equalTags } from './equal-tags.ts';
import { DIGEST_BYTES, type Mac, type MacSuite } from './mac-suite.ts';

export type Sodium = typeof binding;

/**
 * libsodium's binding, or undefined on a platform for which its package ships no binary. This is the binding itself and not the package's
 * main file, whose functions check their arguments against constants that they look up among some thousand at every call: a
 * fifth of the time of a short tag or digest. The checks that matter stand here, where they are made once.
 */
export function loadSodium(): Sodium | undefined {
  try {
    return createRequire(import.meta.url)('sodium-native/binding');
  } catch {
    return undefined;
  }
}

/**
 * One place for whatever native code reads and writes: inputs and keys are copied there, tags and digests from there. It is no part of
 * V8's heap, where native code can't read short arrays without moving them first. And it is always in the processor's cache: with arrays of its
 * own, a key for each of some hundred peers would be as many objects that have to come from memory when their turn comes.
 */
const place = { input: outsideHeap(512), key: outsideHeap(32), output: outsideHeap(DIGEST_BYTES) } as const;
const keyWords = new Int32Array(place.key.buffer);
const inputOfLength = Array.from({ length: place.input.length + 1 }, (_, length) => place.input.subarray(0, length));

function outsideHeap(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new ArrayBuffer(length));
}

/** Writes the tag or digest of `input`, under the key in the place, to the output there. */
type Hash = (input: Uint8Array) => void;

function sipHash({ crypto_shorthash: compute }: Sodium, tagBytes: number, keyBytes: number): Hash {
  const tag = place.output.subarray(0, tagBytes);
  const key = place.key.subarray(0, keyBytes);
  return (input) => {
    const staged = inputOfLength[input.length];
    staged?.set(input);
    if (compute(tag, staged ?? input, key) !== 0) throw new Error('SipHash-2-4 failed');
  };
}

/** BLAKE2b; a key of 0 bytes is none. */
function blake2bHash({ crypto_generichash: compute }: Sodium, hashBytes: number, keyBytes: number): Hash {
  const output = place.output.buffer;
  const key = place.key.buffer;
  const staged = place.input.buffer;
  return (input) => {
    const { length } = input;
    let status: number;
    if (length <= place.input.length) {
      place.input.set(input);
      status = compute(output, 0, hashBytes, staged, 0, length, key, 0, keyBytes);
    } else {
      status = compute(output, 0, hashBytes, input.buffer, input.byteOffset, length, key, 0, keyBytes);
    }
    if (status !== 0) throw new Error('BLAKE2b failed');
  };
}

class SodiumMac implements Mac {
  readonly #hash: Hash;
  readonly #tagBytes: number;
  readonly #key: Int32Array;

  /** `keyBytes`, a multiple of 4, is what `hash` reads, whatever the key's length: native code checks nothing. */
  constructor(hash: Hash, tagBytes: number, keyBytes: number, key: Uint8Array) {
    if (key.length !== keyBytes) throw new RangeError(`a key of ${key.length} bytes; ${keyBytes} are needed`);
    this.#hash = hash;
    this.#tagBytes = tagBytes;
    this.#key = new Int32Array(Uint8Array.from(key).buffer);
  }

  /** Throws a RangeError if `tags` has no room for the tag. */
  generate(bytes: Uint8Array, tags: Uint8Array, offset: number): void {
    const length = this.#tagBytes;
    if (offset < 0 || offset + length > tags.length) throw new RangeError('no room for the tag');
    this.#compute(bytes);
    for (let i = 0; i < length; i++) tags[offset + i] = place.output[i] ?? 0;
  }

  verify(bytes: Uint8Array, tags: Uint8Array, offset: number): boolean {
    this.#compute(bytes);
    return equalTags(place.output, tags, offset, this.#tagBytes);
  }

  #compute(bytes: Uint8Array): void {
    const key = this.#key;
    for (let i = 0; i < key.length; i++) keyWords[i] = key[i] ?? 0;
    this.#hash(bytes);
  }
}

function blake2bDigest(sodium: Sodium): (bytes: Uint8Array) => Uint8Array {
  const hash = blake2bHash(sodium, DIGEST_BYTES, 0);
  return (bytes) => {
    hash(bytes);
    return place.output.slice();
  };
}

/** BLAKE2b (RFC 7693) with 32 bytes of output, keyed for tags. */
export function blake2b(sodium: Sodium): MacSuite {
  const [tagBytes, keyBytes] = [32, 32];
  const hash = blake2bHash(sodium, tagBytes, keyBytes);
  return {
    name: 'blake2b',
    summary: 'BLAKE2b-256, keyed for tags, libsodium, 256-bit tags',
    tagBytes,
    keyBytes,
    digest: blake2bDigest(sodium),
    keyed: (key) => new SodiumMac(hash, tagBytes, keyBytes, key),
  };
}

/** 64-bit tags, as the prototypes of the literature used (UMAC); digests stay collision resistant. */
export function siphash24(sodium: Sodium): MacSuite {
  const [tagBytes, keyBytes] = [8, 16];
  const hash = sipHash(sodium, tagBytes, keyBytes);
  return {
    name: 'siphash-2-4',
    summary: 'SipHash-2-4 for tags, BLAKE2b-256 for digests, libsodium, 64-bit tags',
    tagBytes,
    keyBytes,
    digest: blake2bDigest(sodium),
    keyed: (key) => new SodiumMac(hash, tagBytes, keyBytes, key),
  };
}
