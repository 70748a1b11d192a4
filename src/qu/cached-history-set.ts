import type { Authentication } from '../kernel/authentication.ts';
import type { ReplicaId } from '../kernel/identifiers.ts';
import { copyOf } from '../wire/bytes.ts';
import type { WeighedHistory } from './classification.ts';
import { type DigestedHistory, encodeHistorySet, findHistory, historyDigest, UNKNOWN, weigh } from './history-set.ts';
import type { EncodedHistorySet } from './message.ts';
import type { ReplicaHistory } from './replica-history.ts';

/** What one round sends: the set, the digests of its different histories, and their weights for classification. */
export interface HistorySetSnapshot {
  readonly set: EncodedHistorySet;
  readonly digests: readonly Uint8Array[];
  readonly weighed: readonly WeighedHistory[];
  /** For each replica, the authenticator of its history. */
  readonly authenticators: readonly (Uint8Array | undefined)[];
}

/** Every authenticator's entry for one receiver, side by side; zeros where there is none. */
export function entriesFor(receiver: ReplicaId, snapshot: HistorySetSnapshot, tagBytes: number): Uint8Array {
  const { authenticators } = snapshot;
  const entries = new Uint8Array(authenticators.length * tagBytes);
  const from = receiver * tagBytes;
  for (let replica = 0; replica < authenticators.length; replica++) {
    const authenticator = authenticators[replica];
    if (authenticator === undefined) continue;
    for (let i = 0; i < tagBytes; i++) entries[replica * tagBytes + i] = authenticator[from + i] ?? 0;
  }
  return entries;
}

/** A client's cached object history set [QU §3.5]: the newest history and authenticator that each replica has sent for one object. */
export class CachedHistorySet {
  readonly nameBytes: Uint8Array;
  readonly #authentication: Authentication;
  readonly #histories: (DigestedHistory | undefined)[];
  readonly #authenticators: (Uint8Array | undefined)[];

  constructor(object: string, replicas: number, authentication: Authentication) {
    this.nameBytes = new TextEncoder().encode(object);
    this.#authentication = authentication;
    this.#histories = new Array(replicas).fill(undefined);
    this.#authenticators = new Array(replicas).fill(undefined);
  }

  /** A history that an answer carries, with its digest; `recent` is one that came just before and is probably the same. */
  digested(history: ReplicaHistory, recent: DigestedHistory | undefined): DigestedHistory {
    const known = findHistory([recent], history) ?? findHistory(this.#histories, history);
    if (known !== undefined) return known;
    const copy = copyOf(history);
    return { history: copy, digest: historyDigest(this.#authentication, this.nameBytes, copy) };
  }

  update(replica: ReplicaId, history: DigestedHistory, authenticator: Uint8Array): void {
    this.#histories[replica] = history;
    this.#authenticators[replica] = copyOf(authenticator);
  }

  snapshot(): HistorySetSnapshot {
    const distinct: DigestedHistory[] = [];
    const weights: number[] = [];
    const indexes = new Uint8Array(this.#histories.length).fill(UNKNOWN);
    for (let replica = 0; replica < this.#histories.length; replica++) {
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
    return {
      set: { histories, indexes, bytes: encodeHistorySet({ histories, indexes }) },
      digests: distinct.map(({ digest }) => digest),
      weighed: weigh(histories, weights, indexes.length),
      authenticators: [...this.#authenticators],
    };
  }
}

/** Cached history sets by object, the least recently used one leaving first. */
export class HistorySetCache {
  readonly #capacity: number;
  readonly #replicas: number;
  readonly #authentication: Authentication;
  readonly #sets = new Map<string, CachedHistorySet>();

  constructor(capacity: number, replicas: number, authentication: Authentication) {
    this.#capacity = capacity;
    this.#replicas = replicas;
    this.#authentication = authentication;
  }

  for(object: string): CachedHistorySet {
    const cached = this.#sets.get(object) ?? new CachedHistorySet(object, this.#replicas, this.#authentication);
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
