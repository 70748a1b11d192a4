import { blake3 as blake3Hash } from '@noble/hashes/blake3.js';
import { equalTags } from './equal-tags.ts';
import { DIGEST_BYTES, type Mac, type MacSuite } from './mac-suite.ts';

class KeyedBlake3 implements Mac {
  readonly #key: { key: Uint8Array };

  constructor(key: Uint8Array) {
    this.#key = { key };
  }

  generate(bytes: Uint8Array, tags: Uint8Array, offset: number): void {
    tags.set(blake3Hash(bytes, this.#key), offset);
  }

  verify(bytes: Uint8Array, tags: Uint8Array, offset: number): boolean {
    return equalTags(blake3Hash(bytes, this.#key), tags, offset, DIGEST_BYTES);
  }
}

export const blake3: MacSuite = {
  name: 'blake3',
  summary: 'BLAKE3, keyed for tags, @noble/hashes, 256-bit tags',
  tagBytes: DIGEST_BYTES,
  keyBytes: 32,
  digest: (bytes) => blake3Hash(bytes),
  keyed: (key) => new KeyedBlake3(key),
};
