import { DIGEST_BYTES, type Mac, type MacSuite } from '../../src/crypto/mac-suite.ts';

/** Bytes that MACs and digests were over. */
export interface CryptoBytes {
  generated: number;
  verified: number;
  digested: number;
}

/**
 * Next to no cryptography, so that a protocol's steps show what they take beside it: every tag is right, and a digest only tells honest
 * messages apart. Counts the bytes that it was asked to work on.
 */
export class FreeSuite implements MacSuite {
  readonly name = 'free';
  readonly summary = 'no cryptography';
  /** As long as those of the default suite: tags are much of a message. */
  readonly tagBytes = 32;
  readonly keyBytes = 1;
  readonly bytes: CryptoBytes = { generated: 0, verified: 0, digested: 0 };
  readonly #mac: Mac = new FreeMac(this.tagBytes, this.bytes);

  digest(bytes: Uint8Array): Uint8Array {
    this.bytes.digested += bytes.length;
    return mixed(bytes);
  }

  keyed(): Mac {
    return this.#mac;
  }
}

class FreeMac implements Mac {
  readonly #tagBytes: number;
  readonly #bytes: CryptoBytes;

  constructor(tagBytes: number, bytes: CryptoBytes) {
    this.#tagBytes = tagBytes;
    this.#bytes = bytes;
  }

  generate(bytes: Uint8Array, tags: Uint8Array, offset: number): void {
    this.#bytes.generated += bytes.length;
    tags[offset] = 1;
  }

  verify(bytes: Uint8Array, tags: Uint8Array, offset: number): boolean {
    this.#bytes.verified += bytes.length;
    return offset + this.#tagBytes <= tags.length;
  }
}

/** Two lanes of FNV-1a (Fowler, Noll, Vo) with different primes: 64 bits, of which the rest of the digest is made. */
function mixed(bytes: Uint8Array): Uint8Array {
  let first = 0x811c9dc5;
  let second = 0x9e3779b9;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0;
    first = Math.imul(first ^ byte, 0x01000193);
    second = Math.imul(second ^ byte, 0x85ebca6b);
  }
  const digest = new Uint8Array(DIGEST_BYTES);
  for (let shift = 0; shift < 4; shift++) {
    digest[shift] = first >>> (8 * shift);
    digest[4 + shift] = second >>> (8 * shift);
  }
  return digest;
}
