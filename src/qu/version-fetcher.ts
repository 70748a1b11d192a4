import { ignored } from '../kernel/counters.ts';
import type { ReplicaId } from '../kernel/identifiers.ts';
import type { ReplicaContext, TimerId } from '../kernel/participant.ts';
import { sameBytes } from '../wire/bytes.ts';
import { Limit } from '../wire/limits.ts';
import { syncBytes } from './authenticated-bytes.ts';
import type { SyncReply, SyncRequest } from './message.ts';
import { ObjectSync } from './object-sync.ts';
import type { ReplicatedObject } from './replicated-object.ts';
import { compareTimestamps, type Timestamp } from './timestamp.ts';

const NO_VERSION = new Uint8Array(0);
/** What a message has room for beside name, timestamp and tag. */
const MOST_VERSION_BYTES = Limit.messageBytes - 2048;

/** A request that cannot go on without a version. */
export interface Waiting {
  goOn(): void;
  refuse(reason: string): void;
}

/** How a protocol's versions travel between replicas. */
export interface VersionFormat<Version> {
  /** The same bytes for equal versions. */
  encode(version: Version): Uint8Array;
  /** A version that others gave for the sync's timestamp, as soon as there is proof that it is the right one. */
  proven(
    sync: ObjectSync<Waiting>,
    from: ReplicaId,
    bytes: Uint8Array,
    object: ReplicatedObject<Version>,
  ): Version | undefined;
}

interface FetcherSetting<Version> {
  readonly faults: number;
  readonly retryUs: number;
  readonly context: ReplicaContext<SyncRequest | SyncReply>;
  readonly format: VersionFormat<Version>;
  /** Counts an event of the protocol. */
  readonly count: (event: string) => void;
}

/** Object syncing [QU §3.5]: fetches versions that this replica misses, and serves those that others miss. */
export class VersionFetcher<Version> {
  readonly #setting: FetcherSetting<Version>;
  readonly #objects: ReadonlyMap<string, ReplicatedObject<Version>>;
  readonly #syncs = new Map<string, ObjectSync<Waiting>>();
  readonly #syncTimers = new Map<TimerId, string>();
  #nextTimer: TimerId = 0;

  constructor(setting: FetcherSetting<Version>, objects: ReadonlyMap<string, ReplicatedObject<Version>>) {
    this.#setting = setting;
    this.#objects = objects;
  }

  /** Lets `waiting` wait until one of the holders has given this version, or nobody will. */
  fetch(
    { name, nameBytes }: ReplicatedObject<Version>,
    timestamp: Timestamp,
    holders: () => readonly ReplicaId[],
    waiting: Waiting,
  ): void {
    const running = this.#syncs.get(name);
    // A later version outdates the one that is being fetched, which its holders may have let go.
    if (running !== undefined && compareTimestamps(timestamp, running.timestamp) <= 0) {
      if (!running.wait(waiting)) waiting.refuse('syncQueueFull');
      return;
    }
    const sync = new ObjectSync<Waiting>(timestamp, holders(), this.#nextTimer++);
    if (running !== undefined) {
      this.#end(name, running);
      for (const other of running.waiting) sync.wait(other);
    }
    if (!sync.wait(waiting)) waiting.refuse('syncQueueFull');
    this.#syncs.set(name, sync);
    this.#syncTimers.set(sync.timer, name);
    this.#setting.count('sync.started');
    this.#askHolders(name, nameBytes, sync);
  }

  expire(timer: TimerId): void {
    const name = this.#syncTimers.get(timer);
    const object = name === undefined ? undefined : this.#objects.get(name);
    const sync = name === undefined ? undefined : this.#syncs.get(name);
    if (object === undefined || sync === undefined || sync.timer !== timer) return;
    if (sync.retry()) this.#askHolders(object.name, object.nameBytes, sync);
    else this.#abandon(object.name, sync);
  }

  onRequest(from: ReplicaId, message: SyncRequest): void {
    const { context, count, format } = this.#setting;
    const { authentication } = context;
    const nameBytes = new TextEncoder().encode(message.object);
    const asked = syncBytes('syncRequest', nameBytes, message.timestamp, NO_VERSION);
    if (!authentication.verify(from, asked, message.tag, 0)) return this.#ignore('authentication');
    // Asking makes no object: whoever asks for ever new names must not fill this replica's memory.
    const held = this.#objects.get(message.object)?.version(message.timestamp);
    let version = held === undefined ? NO_VERSION : format.encode(held);
    if (version.length > MOST_VERSION_BYTES) {
      count('sync.tooLarge');
      version = NO_VERSION;
    }
    const tag = new Uint8Array(authentication.tagBytes);
    authentication.generate(from, syncBytes('syncReply', nameBytes, message.timestamp, version), tag, 0);
    if (version.length > 0) count('sync.served');
    const { object, timestamp } = message;
    context.send(from, { type: 'syncReply', object, timestamp, version, tag });
  }

  onReply(from: ReplicaId, message: SyncReply): void {
    const { context, faults, format, count } = this.#setting;
    const sync = this.#syncs.get(message.object);
    const object = this.#objects.get(message.object);
    if (sync === undefined || object === undefined || !sameBytes(sync.timestamp, message.timestamp)) {
      return this.#ignore('notAsked');
    }
    const bytes = syncBytes('syncReply', object.nameBytes, message.timestamp, message.version);
    if (!context.authentication.verify(from, bytes, message.tag, 0)) return this.#ignore('authentication');
    if (message.version.length === 0) {
      if (sync.lacks(from, faults + 1)) this.#abandon(message.object, sync);
      return;
    }
    const version = format.proven(sync, from, message.version, object);
    if (version === undefined) return;
    this.#end(message.object, sync);
    count('sync.completed');
    object.keepFetched(sync.timestamp, version);
    for (const waiting of sync.waiting) waiting.goOn();
  }

  #askHolders(object: string, nameBytes: Uint8Array, sync: ObjectSync<Waiting>): void {
    const { context, retryUs } = this.#setting;
    const { authentication } = context;
    const bytes = syncBytes('syncRequest', nameBytes, sync.timestamp, NO_VERSION);
    for (const holder of sync.holders) {
      const tag = new Uint8Array(authentication.tagBytes);
      authentication.generate(holder, bytes, tag, 0);
      context.send(holder, { type: 'syncRequest', object, timestamp: sync.timestamp, tag });
    }
    context.setTimer(sync.timer, retryUs);
  }

  #end(object: string, sync: ObjectSync<Waiting>): void {
    this.#setting.context.cancelTimer(sync.timer);
    this.#syncTimers.delete(sync.timer);
    this.#syncs.delete(object);
  }

  /** Answers those who wait, who would otherwise learn by a time-out that their history sets are out of date. */
  #abandon(object: string, sync: ObjectSync<Waiting>): void {
    this.#end(object, sync);
    this.#setting.count('sync.abandoned');
    for (const waiting of sync.waiting) waiting.refuse('versionGone');
  }

  #ignore(reason: string): void {
    this.#setting.context.count(ignored(reason));
  }
}
