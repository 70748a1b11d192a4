import type { Authentication } from '../kernel/authentication.ts';
import { isClient, type ParticipantId } from '../kernel/identifiers.ts';
import { directedKey } from './keys.ts';
import { DIGEST_BYTES, type Mac, type MacSuite } from './mac-suite.ts';

/** Cryptographic operations of one participant since it started. */
export interface CryptoCounts {
  macsGenerated: number;
  macsVerified: number;
  /** Of the verified ones, those that were wrong. */
  macsRejected: number;
  digests: number;
  /** Bytes that tags were made and checked over. */
  macBytes: number;
  /** Bytes that digests were made over. */
  digestBytes: number;
}

/** Keyed states that are kept of clients for each direction. Whoever sends under ever new numbers costs time, but no memory. */
const MOST_KEPT_CLIENTS = 65_536;

/** The keyed states of one direction. Those of replicas, the most used, are found by index: half the time of a look-up in a map. */
class KeyedMacs {
  readonly #make: (peer: ParticipantId) => Mac;
  readonly #replicas: (Mac | undefined)[] = [];
  readonly #clients = new Map<ParticipantId, Mac>();

  constructor(make: (peer: ParticipantId) => Mac) {
    this.#make = make;
  }

  of(peer: ParticipantId): Mac {
    const kept = isClient(peer) ? this.#clients.get(peer) : this.#replicas[peer];
    return kept ?? this.#add(peer);
  }

  #add(peer: ParticipantId): Mac {
    const mac = this.#make(peer);
    if (!isClient(peer)) {
      while (this.#replicas.length <= peer) this.#replicas.push(undefined);
      this.#replicas[peer] = mac;
    } else if (this.#clients.size < MOST_KEPT_CLIENTS) {
      this.#clients.set(peer, mac);
    }
    return mac;
  }
}

/** One participant's keys under one suite; counts every operation. Keys are derived on first use. */
export class CountedAuthentication implements Authentication {
  readonly digestBytes = DIGEST_BYTES;
  readonly tagBytes: number;
  readonly counts: CryptoCounts = {
    macsGenerated: 0,
    macsVerified: 0,
    macsRejected: 0,
    digests: 0,
    macBytes: 0,
    digestBytes: 0,
  };
  readonly #suite: MacSuite;
  readonly #outgoing: KeyedMacs;
  readonly #incoming: KeyedMacs;

  constructor(suite: MacSuite, secret: Uint8Array, self: ParticipantId) {
    this.#suite = suite;
    this.tagBytes = suite.tagBytes;
    const keyed = (from: ParticipantId, to: ParticipantId): Mac =>
      suite.keyed(directedKey(secret, from, to, suite.keyBytes));
    this.#outgoing = new KeyedMacs((peer) => keyed(self, peer));
    this.#incoming = new KeyedMacs((peer) => keyed(peer, self));
  }

  digest(bytes: Uint8Array): Uint8Array {
    this.counts.digests++;
    this.counts.digestBytes += bytes.length;
    return this.#suite.digest(bytes);
  }

  generate(peer: ParticipantId, bytes: Uint8Array, tags: Uint8Array, offset: number): void {
    this.counts.macsGenerated++;
    this.counts.macBytes += bytes.length;
    this.#outgoing.of(peer).generate(bytes, tags, offset);
  }

  verify(peer: ParticipantId, bytes: Uint8Array, tags: Uint8Array, offset: number): boolean {
    this.counts.macsVerified++;
    this.counts.macBytes += bytes.length;
    const valid = this.#incoming.of(peer).verify(bytes, tags, offset);
    if (!valid) this.counts.macsRejected++;
    return valid;
  }
}
