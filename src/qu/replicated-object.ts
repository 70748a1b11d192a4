import type { Authentication } from '../kernel/authentication.ts';
import type { ReplicaId } from '../kernel/identifiers.ts';
import type { Service } from '../kernel/service.ts';
import { copyOf, sameBytes } from '../wire/bytes.ts';
import { historyDigest } from './history-set.ts';
import {
  candidateWithTimestamp,
  INITIAL_HISTORY,
  newestCandidate,
  type ReplicaHistory,
  timestampOf,
} from './replica-history.ts';
import { addReplica, includesReplica, type ReplicaSet, replicaSetBytes } from './replica-set.ts';
import { INITIAL_TIMESTAMP, type Timestamp } from './timestamp.ts';
import { initialVersion, type Version } from './version.ts';

interface StoredVersion {
  readonly timestamp: Timestamp;
  readonly version: Version;
}

/** One object as one replica holds it: its history with the authenticator, and the versions of the candidates in it. */
export class ReplicatedObject {
  readonly name: string;
  readonly nameBytes: Uint8Array;
  readonly #authentication: Authentication;
  #history: ReplicaHistory = INITIAL_HISTORY;
  #digest: Uint8Array;
  /** Tags over the history's digest, a slot for each replica, filled when first asked for. */
  readonly #authenticator: Uint8Array;
  readonly #covered: ReplicaSet;
  #versions: StoredVersion[];

  constructor(name: string, service: Service, replicas: number, authentication: Authentication) {
    this.name = name;
    this.nameBytes = new TextEncoder().encode(name);
    this.#authentication = authentication;
    this.#digest = historyDigest(authentication, this.nameBytes, INITIAL_HISTORY);
    this.#authenticator = new Uint8Array(replicas * authentication.tagBytes);
    this.#covered = new Uint8Array(replicaSetBytes(replicas));
    this.#versions = [{ timestamp: INITIAL_TIMESTAMP, version: initialVersion(service, name) }];
  }

  get history(): ReplicaHistory {
    return this.#history;
  }

  get digest(): Uint8Array {
    return this.#digest;
  }

  get latestTime(): Timestamp {
    return timestampOf(newestCandidate(this.#history));
  }

  holds(timestamp: Timestamp): boolean {
    return candidateWithTimestamp(this.#history, timestamp) !== undefined;
  }

  version(timestamp: Timestamp): Version | undefined {
    return this.#versions.find((stored) => sameBytes(stored.timestamp, timestamp))?.version;
  }

  /** Keeps a version that was fetched from others until the next candidate is accepted. */
  keepVersion(timestamp: Timestamp, version: Version): void {
    if (this.version(timestamp) === undefined) this.#versions.push({ timestamp: copyOf(timestamp), version });
  }

  /** Takes a new history; versions of candidates that are not in it are dropped. `version` is that of the newest candidate, if it has one. */
  accept(history: ReplicaHistory, version: Version | undefined): void {
    this.#history = history;
    this.#digest = historyDigest(this.#authentication, this.nameBytes, history);
    this.#authenticator.fill(0);
    this.#covered.fill(0);
    const versions: StoredVersion[] = [];
    for (const stored of this.#versions) if (this.holds(stored.timestamp)) versions.push(stored);
    if (version !== undefined && !versions.some(({ timestamp }) => sameBytes(timestamp, this.latestTime))) {
      versions.push({ timestamp: this.latestTime, version });
    }
    this.#versions = versions;
  }

  /**
   * The authenticator with entries for at least those replicas. It covers those that the asking client goes to next rather than all:
   * 4b tags, not 5b, and an entry for another is made when somebody asks. The array is reused: encode it before the next call.
   */
  authenticatorFor(coverage: ReplicaSet, self: ReplicaId, replicas: number): Uint8Array {
    const { tagBytes } = this.#authentication;
    for (let replica = 0; replica < replicas; replica++) {
      if (replica === self || !includesReplica(coverage, replica) || includesReplica(this.#covered, replica)) continue;
      this.#authentication.generate(replica, this.#digest, this.#authenticator, replica * tagBytes);
      addReplica(this.#covered, replica);
    }
    return this.#authenticator;
  }
}
