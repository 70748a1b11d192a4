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

/** Zeros in memory of their own: short typed arrays stand on V8's heap, and native code can't read those in place. */
function outsideHeap(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new ArrayBuffer(length));
}

/** Inputs up to this size are copied to one place, which costs less than to ask an array for its buffer. */
const STAGED_BYTES = 512;
const staging = outsideHeap(STAGED_BYTES);
const stagingBuffer = staging.buffer;
const stagingOf = Array.from({ length: STAGED_BYTES + 1 }, (_, length) => staging.subarray(0, length));

/** The same bytes where native code can read them for less. */
function forNative(bytes: Uint8Array): Uint8Array {
  const staged = stagingOf[bytes.length];
  if (staged === undefined) return bytes;
  staged.set(bytes);
  return staged;
}

/** Writes the tag or digest of `input` over the same array again and again. */
type Hash = (input: Uint8Array) => void;

function sipHash({ crypto_shorthash: compute }: Sodium, output: Uint8Array, key: Uint8Array): Hash {
  return (input) => {
    if (compute(output, forNative(input), key) !== 0) throw new Error('SipHash-2-4 failed');
  };
}

/** BLAKE2b; a key of length 0 stands for none. */
function blake2bHash({ crypto_generichash: compute }: Sodium, output: Uint8Array<ArrayBuffer>, key: Uint8Array): Hash {
  const { buffer: outputBuffer, length: outputLength } = output;
  const { buffer: keyBuffer, length: keyLength } = key;
  return (input) => {
    const { length } = input;
    let status: number;
    if (length <= STAGED_BYTES) {
      staging.set(input);
      status = compute(outputBuffer, 0, outputLength, stagingBuffer, 0, length, keyBuffer, 0, keyLength);
    } else {
      const { buffer, byteOffset } = input;
      status = compute(outputBuffer, 0, outputLength, buffer, byteOffset, length, keyBuffer, 0, keyLength);
    }
    if (status !== 0) throw new Error('BLAKE2b failed');
  };
}

/** A copy of the key where native code, which believes what it is told of lengths, finds no less than it reads. */
function checkedKey(key: Uint8Array, keyBytes: number): Uint8Array<ArrayBuffer> {
  if (key.length !== keyBytes) throw new RangeError(`a key of ${key.length} bytes; ${keyBytes} are needed`);
  const copy = outsideHeap(keyBytes);
  copy.set(key);
  return copy;
}

class SodiumMac implements Mac {
  /** Native code writes into one array that is reused, and the tag is copied: cheaper than a view of `tags` at each offset. */
  readonly #tag: Uint8Array;
  readonly #hash: Hash;

  constructor(tag: Uint8Array, hash: Hash) {
    this.#tag = tag;
    this.#hash = hash;
  }

  generate(bytes: Uint8Array, tags: Uint8Array, offset: number): void {
    this.#hash(bytes);
    tags.set(this.#tag, offset);
  }

  verify(bytes: Uint8Array, tags: Uint8Array, offset: number): boolean {
    this.#hash(bytes);
    return equalTags(this.#tag, tags, offset, this.#tag.length);
  }
}

function blake2bDigest(sodium: Sodium): (bytes: Uint8Array) => Uint8Array {
  const output = outsideHeap(DIGEST_BYTES);
  const hash = blake2bHash(sodium, output, outsideHeap(0));
  return (bytes) => {
    hash(bytes);
    return output.slice();
  };
}

/** BLAKE2b (RFC 7693) with 32 bytes of output, keyed for tags. */
export function blake2b(sodium: Sodium): MacSuite {
  return {
    name: 'blake2b',
    summary: 'BLAKE2b-256, keyed for tags, libsodium, 256-bit tags',
    tagBytes: 32,
    keyBytes: 32,
    digest: blake2bDigest(sodium),
    keyed(key) {
      const tag = outsideHeap(32);
      return new SodiumMac(tag, blake2bHash(sodium, tag, checkedKey(key, 32)));
    },
  };
}

/** 64-bit tags, as the prototypes of the literature used (UMAC); digests stay collision resistant. */
export function siphash24(sodium: Sodium): MacSuite {
  return {
    name: 'siphash-2-4',
    summary: 'SipHash-2-4 for tags, BLAKE2b-256 for digests, libsodium, 64-bit tags',
    tagBytes: 8,
    keyBytes: 16,
    digest: blake2bDigest(sodium),
    keyed(key) {
      const tag = outsideHeap(8);
      return new SodiumMac(tag, sipHash(sodium, tag, checkedKey(key, 16)));
    },
  };
}
