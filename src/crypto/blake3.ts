import { type _BLAKE3, blake3 as blake3Hash } from '@noble/hashes/blake3.js';
import { equalTags } from './equal-tags.ts';
import { DIGEST_BYTES, type Mac, type MacSuite } from './mac-suite.ts';

/** States that are copied into, so that no hash allocates its own: one for digests, one for the tags of all keys. */
const freshDigest = blake3Hash.create();
const workingDigest = blake3Hash.create();
const workingKeyed = blake3Hash.create({ key: new Uint8Array(DIGEST_BYTES) });

function digest(bytes: Uint8Array): Uint8Array {
  const output = new Uint8Array(DIGEST_BYTES);
  freshDigest._cloneInto(workingDigest).update(bytes).digestInto(output);
  return output;
}

/** BLAKE3 in its keyed mode (BLAKE3 specification, §2.3). The state after the key is set up once and copied for every tag. */
class KeyedBlake3 implements Mac {
  readonly #keyed: _BLAKE3;
  readonly #tag = new Uint8Array(DIGEST_BYTES);

  constructor(key: Uint8Array) {
    this.#keyed = blake3Hash.create({ key });
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
    this.#keyed._cloneInto(workingKeyed).update(bytes).digestInto(this.#tag);
  }
}

export const blake3: MacSuite = {
  name: 'blake3',
  summary: 'BLAKE3, keyed for tags, @noble/hashes, 256-bit tags',
  tagBytes: DIGEST_BYTES,
  keyBytes: 32,
  digest,
  keyed: (key) => new KeyedBlake3(key),
};
