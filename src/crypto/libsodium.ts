import { createRequire } from 'node:module';
import type sodium from 'sodium-native';
import { equalTags } from './equal-tags.ts';
import { DIGEST_BYTES, type Mac, type MacSuite } from './mac-suite.ts';

type Sodium = typeof sodium;

/** libsodium's binding, or undefined on a platform for which its package ships no binary. */
export function loadSodium(): Sodium | undefined {
  try {
    return createRequire(import.meta.url)('sodium-native');
  } catch {
    return undefined;
  }
}

type TagFunction = (output: Uint8Array, input: Uint8Array, key: Uint8Array) => void;

class SodiumMac implements Mac {
  readonly #key: Uint8Array;
  readonly #compute: TagFunction;
  readonly #tag: Uint8Array;

  constructor(key: Uint8Array, tagBytes: number, compute: TagFunction) {
    this.#key = key;
    this.#compute = compute;
    this.#tag = new Uint8Array(tagBytes);
  }

  generate(bytes: Uint8Array, tags: Uint8Array, offset: number): void {
    this.#compute(this.#tag, bytes, this.#key);
    tags.set(this.#tag, offset);
  }

  verify(bytes: Uint8Array, tags: Uint8Array, offset: number): boolean {
    this.#compute(this.#tag, bytes, this.#key);
    return equalTags(this.#tag, tags, offset, this.#tag.length);
  }
}

function blake2bDigest(sodium: Sodium): (bytes: Uint8Array) => Uint8Array {
  return (bytes) => {
    const digest = new Uint8Array(DIGEST_BYTES);
    sodium.crypto_generichash(digest, bytes);
    return digest;
  };
}

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
