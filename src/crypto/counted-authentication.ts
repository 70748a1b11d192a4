import type { Authentication } from '../kernel/authentication.ts';
import type { ParticipantId } from '../kernel/identifiers.ts';
import { directedKey } from './keys.ts';
import { DIGEST_BYTES, type Mac, type MacSuite } from './mac-suite.ts';

/** Cryptographic operations of one participant since it started. */
export interface CryptoCounts {
  macsGenerated: number;
  macsVerified: number;
  /** Of the verified ones, those that were wrong. */
  macsRejected: number;
  digests: number;
}

/** Keyed states that are kept for each direction. Whoever sends under ever new numbers costs time, but no memory. */
const MOST_KEPT_KEYS = 65_536;

/** One participant's keys under one suite; counts every operation. Keys are derived on first use. */
export class CountedAuthentication implements Authentication {
  readonly digestBytes = DIGEST_BYTES;
  readonly tagBytes: number;
  readonly counts: CryptoCounts = { macsGenerated: 0, macsVerified: 0, macsRejected: 0, digests: 0 };
  readonly #suite: MacSuite;
  readonly #secret: Uint8Array;
  readonly #self: ParticipantId;
  readonly #outgoing = new Map<ParticipantId, Mac>();
  readonly #incoming = new Map<ParticipantId, Mac>();

  constructor(suite: MacSuite, secret: Uint8Array, self: ParticipantId) {
    this.#suite = suite;
    this.#secret = secret;
    this.#self = self;
    this.tagBytes = suite.tagBytes;
  }

  digest(bytes: Uint8Array): Uint8Array {
    this.counts.digests++;
    return this.#suite.digest(bytes);
  }

  generate(peer: ParticipantId, bytes: Uint8Array, tags: Uint8Array, offset: number): void {
    this.counts.macsGenerated++;
    let mac = this.#outgoing.get(peer);
    if (mac === undefined) {
      mac = this.#keyed(this.#self, peer);
      if (this.#outgoing.size < MOST_KEPT_KEYS) this.#outgoing.set(peer, mac);
    }
    mac.generate(bytes, tags, offset);
  }

  verify(peer: ParticipantId, bytes: Uint8Array, tags: Uint8Array, offset: number): boolean {
    this.counts.macsVerified++;
    let mac = this.#incoming.get(peer);
    if (mac === undefined) {
      mac = this.#keyed(peer, this.#self);
      if (this.#incoming.size < MOST_KEPT_KEYS) this.#incoming.set(peer, mac);
    }
    const valid = mac.verify(bytes, tags, offset);
    if (!valid) this.counts.macsRejected++;
    return valid;
  }

  #keyed(from: ParticipantId, to: ParticipantId): Mac {
    return this.#suite.keyed(directedKey(this.#secret, from, to, this.#suite.keyBytes));
  }
}
