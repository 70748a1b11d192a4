import type { Authentication } from '../kernel/authentication.ts';
import type { ReplicaId } from '../kernel/identifiers.ts';
import type { Microseconds } from '../kernel/time.ts';
import { copyOf, sameBytes } from '../wire/bytes.ts';
import { type Classification, classify, orderOf, type Thresholds, type WeighedHistory } from './classification.ts';
import {
  type DigestedHistory,
  type EncodedHistorySet,
  encodeHistorySet,
  historyDigest,
  UNKNOWN,
  weigh,
} from './history-set.ts';
import { chooseQuorum } from './preferred-quorum.ts';
import { newestCandidate, type ReplicaHistory } from './replica-history.ts';
import { includesReplica, makeQuorum, type Quorum, type ReplicaSet } from './replica-set.ts';
import { LONGEST_LEAP, timeOf } from './timestamp.ts';

/** b, n = 5b+1 and |Q| = 4b+1. */
export interface ClusterSize {
  readonly faults: number;
  readonly replicas: number;
  readonly quorum: number;
}

/** A cached set as an attempt starts from it. */
export interface HistorySetSnapshot {
  readonly set: EncodedHistorySet;
  /** Of the set's different histories. */
  readonly digests: readonly Uint8Array[];
  readonly histories: readonly WeighedHistory[];
  readonly classification: Classification;
}

/** A client's cached object history set [QU §3.5]: the newest history and authenticator that each replica has sent for one object. */
export class CachedHistorySet {
  readonly object: string;
  readonly placement: string;
  readonly nameBytes: Uint8Array;
  /** The replicas that the object's operations go to while none is suspected. */
  readonly preferredQuorum: Quorum;
  readonly #authentication: Authentication;
  readonly #replicas: number;
  readonly #faults: number;
  readonly #histories: (DigestedHistory | undefined)[];
  /** A row for each receiver, in it an entry for each replica: views of one memory. */
  readonly #rows: Uint8Array[];
  readonly #entries: DataView;
  #doubted: ReplicaSet | undefined;
  #doubtEndsUs: Microseconds = 0;

  /** `placement`: what the preferred quorum is chosen by. */
  constructor(
    object: string,
    { faults, replicas, quorum }: ClusterSize,
    authentication: Authentication,
    placement = object,
  ) {
    this.object = object;
    this.placement = placement;
    this.nameBytes = new TextEncoder().encode(object);
    this.preferredQuorum = makeQuorum(
      chooseQuorum(placement, replicas, quorum, () => false),
      replicas,
    );
    this.#authentication = authentication;
    this.#replicas = replicas;
    this.#faults = faults;
    this.#histories = new Array(replicas).fill(undefined);
    const rowBytes = replicas * authentication.tagBytes;
    const memory = new ArrayBuffer(replicas * rowBytes);
    this.#rows = Array.from(
      { length: replicas },
      (_, receiver) => new Uint8Array(memory, receiver * rowBytes, rowBytes),
    );
    this.#entries = new DataView(memory);
  }

  /** Has these replicas, instead of any that were doubted before, passed over for this object until then. */
  doubt(replicas: ReplicaSet, untilUs: Microseconds): void {
    this.#doubted = replicas;
    this.#doubtEndsUs = untilUs;
  }

  doubtedAt(now: Microseconds): ReplicaSet | undefined {
    return now < this.#doubtEndsUs ? this.#doubted : undefined;
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
    const entries = this.#entries;
    const received = new DataView(authenticator.buffer, authenticator.byteOffset, authenticator.length);
    const rowBytes = this.#replicas * tagBytes;
    // Tags are whole words: copied so, they take a quarter of the time that their bytes would.
    for (let from = 0, to = replica * tagBytes; from < received.byteLength; from += tagBytes, to += rowBytes) {
      for (let i = 0; i < tagBytes; i += 4) entries.setInt32(to + i, received.getInt32(from + i));
    }
  }

  /** Histories and their authenticators are forgotten; not who is doubted. */
  forget(): void {
    this.#histories.fill(undefined);
    for (const row of this.#rows) row.fill(0);
  }

  /** For each replica the entry of its authenticator that `receiver` can check. Changes with the next update. */
  entriesFor(receiver: ReplicaId): Uint8Array {
    const entries = this.#rows[receiver];
    if (entries === undefined) throw new RangeError(`there is no replica ${receiver}`);
    return entries;
  }

  /** `leftOut`: replicas whose histories count as unknown, which is always safe: it is as if they had not answered yet. */
  classification(thresholds: Thresholds, leftOut?: ReplicaSet): Classification {
    return classify(this.weighed(leftOut), thresholds);
  }

  snapshot(thresholds: Thresholds, leftOut?: ReplicaSet): HistorySetSnapshot {
    const { histories, digests, weights, indexes } = this.#distinct(leftOut);
    const weighed = weigh(histories, weights, this.#replicas);
    return {
      set: { histories, indexes, bytes: encodeHistorySet({ histories, indexes }) },
      digests,
      histories: weighed,
      classification: classify(weighed, thresholds),
    };
  }

  /** The histories as they are classified. */
  weighed(leftOut?: ReplicaSet): readonly WeighedHistory[] {
    const { histories, weights } = this.#distinct(leftOut);
    return weigh(histories, weights, this.#replicas);
  }

  /** Replicas whose newest candidate at most `faults` of all show: invented, or accepted by few. */
  unsupported(faults: number): ReplicaId[] {
    const weighed = this.weighed();
    const found: ReplicaId[] = [];
    for (let replica = 0; replica < this.#replicas; replica++) {
      const history = this.#histories[replica]?.history;
      if (history !== undefined && orderOf(weighed, newestCandidate(history)) <= faults) found.push(replica);
    }
    return found;
  }

  /** Of b+1 replicas one is correct: the (b+1)-th latest time is not invented, and nothing correct lies a leap beyond it. */
  #latestBelievableTime(): number {
    const times = this.#histories.map((known) => (known === undefined ? 0 : timeOf(newestCandidate(known.history))));
    times.sort((a, b) => b - a);
    return (times[this.#faults] ?? 0) + LONGEST_LEAP;
  }

  #distinct(leftOut?: ReplicaSet) {
    const all = this.#collect(leftOut, Number.POSITIVE_INFINITY);
    // What more than b replicas show alike is not invented; nearly always all do.
    const [weight = 0] = all.weights;
    if (all.weights.length === 1 && weight > this.#faults) return all;
    return this.#collect(leftOut, this.#latestBelievableTime());
  }

  #collect(leftOut: ReplicaSet | undefined, believable: number) {
    const distinct: DigestedHistory[] = [];
    const weights: number[] = [];
    const indexes = new Uint8Array(this.#replicas).fill(UNKNOWN);
    for (let replica = 0; replica < this.#replicas; replica++) {
      const history = this.#histories[replica];
      if (history === undefined || (leftOut !== undefined && includesReplica(leftOut, replica))) continue;
      if (believable < Number.POSITIVE_INFINITY && timeOf(newestCandidate(history.history)) > believable) continue;
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
  readonly #placementOf: (object: string) => string;
  readonly #capacity: number;
  readonly #size: ClusterSize;
  readonly #authentication: Authentication;
  readonly #sets = new Map<string, CachedHistorySet>();
  /** The one used last. */
  #latest: { readonly object: string; readonly set: CachedHistorySet } | undefined;

  /** `placementOf`: what an object's preferred quorum is chosen by. */
  constructor(
    capacity: number,
    size: ClusterSize,
    authentication: Authentication,
    placementOf = (object: string) => object,
  ) {
    this.#placementOf = placementOf;
    this.#capacity = capacity;
    this.#size = size;
    this.#authentication = authentication;
  }

  for(object: string): CachedHistorySet {
    if (this.#latest?.object !== object) this.#latest = { object, set: this.#use(object) };
    return this.#latest.set;
  }

  #use(object: string): CachedHistorySet {
    const cached =
      this.#sets.get(object) ??
      new CachedHistorySet(object, this.#size, this.#authentication, this.#placementOf(object));
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
