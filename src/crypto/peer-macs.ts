import { isClient, type ParticipantId } from '../kernel/identifiers.ts';
import { directedKey } from './keys.ts';
import type { Mac, MacSuite, PeerMacs } from './mac-suite.ts';

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

/** One participant's MACs under a suite that needs a key for each peer and direction. Keys are derived on first use. */
export class KeyedPeerMacs implements PeerMacs {
  readonly #outgoing: KeyedMacs;
  readonly #incoming: KeyedMacs;

  constructor(suite: MacSuite, secret: Uint8Array, self: ParticipantId) {
    const keyed = (from: ParticipantId, to: ParticipantId): Mac =>
      suite.keyed(directedKey(secret, from, to, suite.keyBytes));
    this.#outgoing = new KeyedMacs((peer) => keyed(self, peer));
    this.#incoming = new KeyedMacs((peer) => keyed(peer, self));
  }

  generate(peer: ParticipantId, bytes: Uint8Array, tags: Uint8Array, offset: number): void {
    this.#outgoing.of(peer).generate(bytes, tags, offset);
  }

  verify(peer: ParticipantId, bytes: Uint8Array, tags: Uint8Array, offset: number): boolean {
    return this.#incoming.of(peer).verify(bytes, tags, offset);
  }
}
