import type { Authentication } from '../kernel/authentication.ts';
import type { ParticipantId } from '../kernel/identifiers.ts';
import { DIGEST_BYTES, type MacSuite, type PeerMacs } from './mac-suite.ts';
import { KeyedPeerMacs } from './peer-macs.ts';

/** Cryptographic operations of one participant since it started, and the bytes that they were over. */
export interface CryptoCounts {
  macsGenerated: number;
  bytesTagged: number;
  macsVerified: number;
  /** Of the verified ones, those that were wrong. */
  macsRejected: number;
  bytesVerified: number;
  digests: number;
  bytesDigested: number;
}

export function noCrypto(): CryptoCounts {
  return {
    macsGenerated: 0,
    bytesTagged: 0,
    macsVerified: 0,
    macsRejected: 0,
    bytesVerified: 0,
    digests: 0,
    bytesDigested: 0,
  };
}

/** One participant's keys under one suite; counts every operation. */
export class CountedAuthentication implements Authentication {
  readonly digestBytes = DIGEST_BYTES;
  readonly tagBytes: number;
  readonly counts: CryptoCounts = noCrypto();
  readonly #suite: MacSuite;
  readonly #macs: PeerMacs;

  constructor(suite: MacSuite, secret: Uint8Array, self: ParticipantId) {
    this.#suite = suite;
    this.tagBytes = suite.tagBytes;
    this.#macs = suite.peerMacs?.(secret, self) ?? new KeyedPeerMacs(suite, secret, self);
  }

  digest(bytes: Uint8Array): Uint8Array {
    this.counts.digests++;
    this.counts.bytesDigested += bytes.length;
    return this.#suite.digest(bytes);
  }

  generate(peer: ParticipantId, bytes: Uint8Array, tags: Uint8Array, offset: number): void {
    this.counts.macsGenerated++;
    this.counts.bytesTagged += bytes.length;
    this.#macs.generate(peer, bytes, tags, offset);
  }

  verify(peer: ParticipantId, bytes: Uint8Array, tags: Uint8Array, offset: number): boolean {
    this.counts.macsVerified++;
    this.counts.bytesVerified += bytes.length;
    const valid = this.#macs.verify(peer, bytes, tags, offset);
    if (!valid) this.counts.macsRejected++;
    return valid;
  }
}
