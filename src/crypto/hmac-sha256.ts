import { _HMAC } from '@noble/hashes/hmac.js';
import { type _SHA256, sha256 } from '@noble/hashes/sha2.js';
import { equalTags } from './equal-tags.ts';
import { DIGEST_BYTES, type Mac, type MacSuite } from './mac-suite.ts';
import { ReusableSha256, sha256Digest } from './sha256.ts';

/** One for all keys: a tag is computed within one call. */
const working = new ReusableSha256();

/**
 * HMAC-SHA-256 (RFC 2104, FIPS 180-4). noble computes the states after the inner and the outer padded key once; each tag
 * continues from copies of them, so that a short message costs two blocks instead of four.
 */
class HmacSha256 implements Mac {
  readonly #inner: _SHA256;
  readonly #outer: _SHA256;

  constructor(key: Uint8Array) {
    const keyed = new _HMAC<_SHA256>(sha256, key);
    this.#inner = keyed.iHash;
    this.#outer = keyed.oHash;
  }

  generate(bytes: Uint8Array, tags: Uint8Array, offset: number): void {
    tags.set(this.#compute(bytes), offset);
  }

  verify(bytes: Uint8Array, tags: Uint8Array, offset: number): boolean {
    return equalTags(this.#compute(bytes), tags, offset, DIGEST_BYTES);
  }

  #compute(bytes: Uint8Array): Uint8Array {
    this.#inner._cloneInto(working);
    const innerDigest = working.update(bytes).end();
    this.#outer._cloneInto(working);
    return working.update(innerDigest).end();
  }
}

export const hmacSha256: MacSuite = {
  name: 'hmac-sha256',
  summary: 'HMAC-SHA-256 and SHA-256, @noble/hashes, 256-bit tags',
  tagBytes: DIGEST_BYTES,
  keyBytes: 32,
  digest: sha256Digest,
  keyed: (key) => new HmacSha256(key),
};
