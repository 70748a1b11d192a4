import type { Authentication } from '../kernel/authentication.ts';
import type { ReplicaId } from '../kernel/identifiers.ts';
import { copyOf, sameBytes } from '../wire/bytes.ts';
import { type Classification, classify, type Thresholds } from './classification.ts';
import { type DigestedHistory, encodeHistorySet, historyDigest, UNKNOWN, weigh } from './history-set.ts';
import type { EncodedHistorySet } from './message.ts';
import { chooseQuorum } from './preferred-quorum.ts';
import type { ReplicaHistory } from './replica-history.ts';
import { makeQuorum, type Quorum } from './replica-set.ts';

/** A cached set as an attempt starts from it. */
export interface HistorySetSnapshot {
  readonly set: EncodedHistorySet;
  /** Of the set's different histories. */
  readonly digests: readonly Uint8Array[];
  readonly classification: Classification;
}

/** A client's cached object history set [QU §3.5]: the newest history and authenticator that each replica has sent for one object. */
export class CachedHistorySet {
  readonly nameBytes: Uint8Array;
  /** The replicas that the object's operations go to while none is suspected. */
  readonly preferredQuorum: Quorum;
  readonly #authentication: Authentication;
  readonly #replicas: number;
  readonly #histories: (DigestedHistory | undefined)[];
  /** A row for each receiver, in it an entry for each replica. */
  readonly #entries: Uint8Array[];

  constructor(object: string, replicas: number, quorum: number, authentication: Authentication) {
    this.nameBytes = new TextEncoder().encode(object);
    this.preferredQuorum = makeQuorum(
      chooseQuorum(object, replicas, quorum, () => false),
      replicas,
    );
    this.#authentication = authentication;
    this.#replicas = replicas;
    this.#histories = new Array(replicas).fill(undefined);
    this.#entries = Array.from({ length: replicas }, () => new Uint8Array(replicas * authentication.tagBytes));
  }

  /** A history that an answer carries, with its digest; `recent` is one that came just before and is probably the same. */
  digested(history: ReplicaHistory, recent: DigestedHistory | undefined): DigestedHistory {
    if (recent !== undefined && sameBytes(recent.history, history)) return recent;
    for (const known of this.#histories) {
      if (known !== undefined && sameBytes(known.history, history)) return known;
    }
    const copy = copyOf(history);
    return { history: copy, digest: historyDigest(this.#authentication, this.nameBytes, copy) };
  }

  /** Takes in an authentic answer; its authenticator has `replicas` entries. */
  update(replica: ReplicaId, history: DigestedHistory, authenticator: Uint8Array): void {
    const { tagBytes } = this.#authentication;
    this.#histories[replica] = history;
    let from = 0;
    for (const row of this.#entries) {
      const to = replica * tagBytes;
      for (let i = 0; i < tagBytes; i++) row[to + i] = authenticator[from + i] ?? 0;
      from += tagBytes;
    }
  }

  /** For each replica the entry of its authenticator that `receiver` can check. Changes with the next update. */
  entriesFor(receiver: ReplicaId): Uint8Array {
    const entries = this.#entries[receiver];
    if (entries === undefined) throw new RangeError(`there is no replica ${receiver}`);
    return entries;
  }

  classification(thresholds: Thresholds): Classification {
    const { histories, weights } = this.#distinct();
    return classify(weigh(histories, weights, this.#replicas), thresholds);
  }

  snapshot(thresholds: Thresholds): HistorySetSnapshot {
    const { histories, digests, weights, indexes } = this.#distinct();
    return {
      set: { histories, indexes, bytes: encodeHistorySet({ histories, indexes }) },
      digests,
      classification: classify(weigh(histories, weights, this.#replicas), thresholds),
    };
  }

  #distinct() {
    const distinct: DigestedHistory[] = [];
    const weights: number[] = [];
    const indexes = new Uint8Array(this.#replicas).fill(UNKNOWN);
    for (let replica = 0; replica < this.#replicas; replica++) {
      const history = this.#histories[replica];
      if (history === undefined) continue;
      let index = distinct.indexOf(history);
      if (index < 0) {
        index = distinct.length;
        distinct.push(history);
        weights.push(0);
      }
      weights[index] = (weights[index] ?? 0) + 1;
      indexes[replica] = index;
    }
    const histories = distinct.map(({ history }) => history);
    const digests = distinct.map(({ digest }) => digest);
    return { histories, digests, weights, indexes };
  }
}

/** Cached history sets by object, the least recently used one leaving first. */
export class HistorySetCache {
  readonly #capacity: number;
  readonly #replicas: number;
  readonly #quorum: number;
  readonly #authentication: Authentication;
  readonly #sets = new Map<string, CachedHistorySet>();

  constructor(capacity: number, replicas: number, quorum: number, authentication: Authentication) {
    this.#capacity = capacity;
    this.#replicas = replicas;
    this.#quorum = quorum;
    this.#authentication = authentication;
  }

  for(object: string): CachedHistorySet {
    const cached =
      this.#sets.get(object) ?? new CachedHistorySet(object, this.#replicas, this.#quorum, this.#authentication);
    this.#sets.delete(object);
    this.#sets.set(object, cached);
    if (this.#sets.size > this.#capacity) {
      for (const oldest of this.#sets.keys()) {
        this.#sets.delete(oldest);
        break;
      }
    }
    return cached;
  }
}
