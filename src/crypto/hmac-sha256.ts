import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { equalTags } from './equal-tags.ts';
import { DIGEST_BYTES, type Mac, type MacSuite } from './mac-suite.ts';

/** HMAC-SHA-256 (RFC 2104, FIPS 180-4). The state after the key is computed once and copied for every tag. */
class HmacSha256 implements Mac {
  readonly #keyed;
  readonly #working;
  readonly #tag = new Uint8Array(DIGEST_BYTES);

  constructor(key: Uint8Array) {
    this.#keyed = hmac.create(sha256, key);
    this.#working = this.#keyed.clone();
  }

  generate(bytes: Uint8Array, tags: Uint8Array, offset: number): void {
    this.#compute(bytes);
    tags.set(this.#tag, offset);
  }

  verify(bytes: Uint8Array, tags: Uint8Array, offset: number): boolean {
    this.#compute(bytes);
    return equalTags(this.#tag, tags, offset, DIGEST_BYTES);
  }

  #compute(bytes: Uint8Array): void {
    this.#keyed._cloneInto(this.#working);
    this.#working.update(bytes);
    this.#working.digestInto(this.#tag);
  }
}

export const hmacSha256: MacSuite = {
  name: 'hmac-sha256',
  summary: 'HMAC-SHA-256 and SHA-256, @noble/hashes, 256-bit tags',
  tagBytes: DIGEST_BYTES,
  keyBytes: 32,
  digest: sha256,
  keyed: (key) => new HmacSha256(key),
};
