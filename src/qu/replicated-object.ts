import type { Authentication } from '../kernel/authentication.ts';
import type { ReplicaId } from '../kernel/identifiers.ts';
import { copyOf, sameBytes } from '../wire/bytes.ts';
import { historyDigest } from './history-set.ts';
import type { JointBinding } from './joint/binding.ts';
import {
  CANDIDATE_BYTES,
  type Candidate,
  historyAfterMethod,
  historyWith,
  INITIAL_HISTORY,
  newestCandidate,
  newestObjectCandidate,
  offsetOfTimestamp,
  PRUNED_CANDIDATES,
  type ReplicaHistory,
  timestampOf,
  unprunedHistoryAfterMethod,
  writeHistoryAfterMethod,
} from './replica-history.ts';
import { addReplica, includesReplica, type ReplicaSet, replicaSetBytes } from './replica-set.ts';
import { compareTimestamps, type Timestamp } from './timestamp.ts';

const MOST_FETCHED = 8;

/** A version that was fetched from others, for a candidate that this replica has not accepted. */
interface FetchedVersion<Version> {
  readonly timestamp: Timestamp;
  readonly version: Version;
}

/** A candidate that was accepted together with others of other objects, and which those are. */
interface JointCandidate {
  readonly timestamp: Timestamp;
  readonly binding: JointBinding;
}

/** One object as one replica holds it: its history with the authenticator, and the versions of the candidates in it. */
export class ReplicatedObject<Version> {
  readonly name: string;
  readonly nameBytes: Uint8Array;
  readonly #authentication: Authentication;
  #history: ReplicaHistory;
  #latestTime: Timestamp;
  #digest: Uint8Array;
  /** For each candidate of the history its version; undefined for a barrier. */
  #versions: (Version | undefined)[];
  #fetched: FetchedVersion<Version>[] = [];
  /** Tags over the history's digest, a slot for each replica, filled when first asked for. */
  readonly #authenticator: Uint8Array;
  readonly #covered: ReplicaSet;
  readonly #leftByMethod: number;
  /** Of the joint candidates in the history that this replica has accepted. */
  #joint: JointCandidate[] = [];

  /** `leftByMethod`: candidates that a method leaves in the history, itself included; more than two of them is without pruning. */
  constructor(
    name: string,
    initial: Version,
    replicas: number,
    authentication: Authentication,
    leftByMethod = PRUNED_CANDIDATES,
  ) {
    this.name = name;
    this.#leftByMethod = leftByMethod;
    this.nameBytes = new TextEncoder().encode(name);
    this.#authentication = authentication;
    this.#history = INITIAL_HISTORY;
    this.#latestTime = timestampOf(newestCandidate(INITIAL_HISTORY));
    this.#digest = historyDigest(authentication, this.nameBytes, INITIAL_HISTORY);
    this.#authenticator = new Uint8Array(replicas * authentication.tagBytes);
    this.#covered = new Uint8Array(replicaSetBytes(replicas));
    this.#versions = [initial];
  }

  /** Valid until the next candidate is accepted. */
  get history(): ReplicaHistory {
    return this.#history;
  }

  get digest(): Uint8Array {
    return this.#digest;
  }

  get latestTime(): Timestamp {
    return this.#latestTime;
  }

  holds(timestamp: Timestamp): boolean {
    return offsetOfTimestamp(this.#history, timestamp) >= 0;
  }

  version(timestamp: Timestamp): Version | undefined {
    const offset = offsetOfTimestamp(this.#history, timestamp);
    if (offset >= 0) return this.#versions[offset / CANDIDATE_BYTES];
    return this.#fetched.find((fetched) => sameBytes(fetched.timestamp, timestamp))?.version;
  }

  /** The joint candidates of the history that this replica has accepted and that are newer than this. */
  jointSince(settled: Timestamp): readonly JointCandidate[] {
    return this.#joint.filter(({ timestamp }) => compareTimestamps(timestamp, settled) > 0);
  }

  /** The version of the newest candidate that is no barrier, if it is here. */
  get newestVersion(): Version | undefined {
    const newest = newestObjectCandidate(this.#history);
    return newest === undefined ? undefined : this.version(timestampOf(newest));
  }

  /**
   * Keeps a version that was fetched from others until the next candidate is accepted, or several more recent ones were: joint operations that wait
   * for other objects' versions too must not drive each other's out.
   */
  keepFetched(timestamp: Timestamp, version: Version): void {
    this.#fetched = [{ timestamp: copyOf(timestamp), version }, ...this.#fetched].slice(0, MOST_FETCHED);
  }

  /** Accepts a method: what is older than the complete candidate that it is conditioned on, `before` its version, is pruned. */
  acceptMethod(
    timestamp: Timestamp,
    conditionedOn: Candidate,
    before: Version,
    version: Version,
    binding?: JointBinding,
  ): void {
    if (binding !== undefined) this.#joint.push({ timestamp: copyOf(timestamp), binding });
    if (this.#leftByMethod > PRUNED_CANDIDATES) {
      const history = unprunedHistoryAfterMethod(this.#history, conditionedOn, timestamp, this.#leftByMethod);
      this.#versions = [...this.#versionsOf(history, PRUNED_CANDIDATES), before, version];
      this.#replaceHistory(history);
      return this.#changed();
    }
    // Two candidates are what a history mostly holds; those bytes are then written over, not allocated anew.
    if (this.#history.length === PRUNED_CANDIDATES * CANDIDATE_BYTES) {
      writeHistoryAfterMethod(this.#history, conditionedOn, timestamp);
      this.#versions[0] = before;
      this.#versions[1] = version;
    } else {
      this.#replaceHistory(historyAfterMethod(conditionedOn, timestamp));
      this.#versions = [before, version];
    }
    this.#changed();
  }

  /** Accepts a candidate of a repair, with its version unless it is a barrier. */
  acceptRepair(candidate: Candidate, version: Version | undefined, binding?: JointBinding): void {
    if (binding !== undefined) this.#joint.push({ timestamp: copyOf(timestampOf(candidate)), binding });
    const history = historyWith(this.#history, candidate);
    this.#versions = [...this.#versionsOf(history, 1), version];
    this.#replaceHistory(history);
    this.#changed();
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

  /** The versions of a history that is to follow, but for its newest `added` candidates. */
  #versionsOf(history: ReplicaHistory, added: number): (Version | undefined)[] {
    const versions: (Version | undefined)[] = [];
    for (let offset = 0; offset < history.length - added * CANDIDATE_BYTES; offset += CANDIDATE_BYTES) {
      const kept = offsetOfTimestamp(this.#history, timestampOf(history.subarray(offset)));
      versions.push(this.#versions[kept / CANDIDATE_BYTES]);
    }
    return versions;
  }

  #replaceHistory(history: ReplicaHistory): void {
    this.#history = history;
    this.#latestTime = timestampOf(newestCandidate(history));
  }

  #changed(): void {
    this.#digest = historyDigest(this.#authentication, this.nameBytes, this.#history);
    this.#covered.fill(0);
    this.#authenticator.fill(0);
    if (this.#fetched.length > 0) this.#fetched = [];
    if (this.#joint.length > 0) this.#joint = this.#joint.filter(({ timestamp }) => this.holds(timestamp));
  }
}
