import { createRequire } from 'node:module';
import type sodium from 'sodium-native';
import { equalTags } from './equal-tags.ts';
import { DIGEST_BYTES, type Mac, type MacSuite } from './mac-suite.ts';

export type Sodium = typeof sodium;

/** libsodium's binding, or undefined on a platform for which its package ships no binary. */
export function loadSodium(): Sodium | undefined {
  try {
    return createRequire(import.meta.url)('sodium-native');
  } catch {
    return undefined;
  }
}

/** V8 keeps typed arrays up to this size on its heap, and has to move each outside before native code can read it. */
const ON_HEAP_BYTES = 64;
const staging = new Uint8Array(2 * ON_HEAP_BYTES);
const stagingOf = Array.from({ length: ON_HEAP_BYTES + 1 }, (_, length) => staging.subarray(0, length));

/** The same bytes where native code can read them for less: a copy of a short array, a long one itself. */
function forNative(bytes: Uint8Array): Uint8Array {
  const staged = stagingOf[bytes.length];
  if (staged === undefined) return bytes;
  staged.set(bytes);
  return staged;
}

type TagFunction = (output: Uint8Array, input: Uint8Array, key: Uint8Array) => void;

class SodiumMac implements Mac {
  readonly #key: Uint8Array;
  readonly #compute: TagFunction;
  /** Native code writes into one array that is reused, and the tag is copied: cheaper than a view of `tags` at each offset. */
  readonly #tag: Uint8Array;

  constructor(key: Uint8Array, tagBytes: number, compute: TagFunction) {
    this.#key = key.slice();
    this.#compute = compute;
    this.#tag = new Uint8Array(tagBytes);
  }

  generate(bytes: Uint8Array, tags: Uint8Array, offset: number): void {
    this.#compute(this.#tag, forNative(bytes), this.#key);
    tags.set(this.#tag, offset);
  }

  verify(bytes: Uint8Array, tags: Uint8Array, offset: number): boolean {
    this.#compute(this.#tag, forNative(bytes), this.#key);
    return equalTags(this.#tag, tags, offset, this.#tag.length);
  }
}

function blake2bDigest(sodium: Sodium): (bytes: Uint8Array) => Uint8Array {
  const output = new Uint8Array(DIGEST_BYTES);
  return (bytes) => {
    sodium.crypto_generichash(output, forNative(bytes));
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
    keyed: (key) => new SodiumMac(key, 32, sodium.crypto_generichash),
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
    keyed: (key) => new SodiumMac(key, 8, sodium.crypto_shorthash),
  };
}
