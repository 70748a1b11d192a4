import { Counter, ignored } from '../kernel/counters.ts';
import { type ClientId, isClient, isReplica, type ParticipantId, type ReplicaId } from '../kernel/identifiers.ts';
import type { Replica, ReplicaContext, TimerId } from '../kernel/participant.ts';
import type { Deployment } from '../kernel/protocol.ts';
import { sameBytes } from '../wire/bytes.ts';
import { Limit } from '../wire/limits.ts';
import { conditionedRequestBytes, replyBytes, syncBytes } from './authenticated-bytes.ts';
import { type Classification, classify, currencyBound, type Thresholds, thresholdsOf } from './classification.ts';
import { historyDigest, historySetDigest, type ObjectHistorySet, UNKNOWN, weigh } from './history-set.ts';
import type {
  ConditionedBody,
  ConditionedRequest,
  ConditionedType,
  RepairRequest,
  Reply,
  SharedMessage,
  SyncReply,
  SyncRequest,
} from './message.ts';
import { ObjectSync } from './object-sync.ts';
import type { ObjectOptions } from './options.ts';
import {
  type Candidate,
  candidateCount,
  holdsCandidate,
  MOST_CANDIDATES,
  makeCandidate,
  PRUNED_CANDIDATES,
} from './replica-history.ts';
import type { ReplicaSet } from './replica-set.ts';
import { ReplicatedObject } from './replicated-object.ts';
import { type Setup, setUp } from './setup.ts';
import {
  compareTimestamps,
  isBarrier,
  isOfInitialVersion,
  LONGEST_LEAP,
  NO_OPERATION,
  type Timestamp,
  timeOf,
} from './timestamp.ts';

export const NO_RESULT = new Uint8Array(0);
const NO_VERSION = new Uint8Array(0);
/** What a message has room for beside name, timestamp and tag. */
export const MOST_VERSION_BYTES = Limit.messageBytes - 2048;

/** A request that is conditioned on a history set, whose tag is right, with its operation decoded. */
export interface Conditioned<Update, Version> {
  readonly client: ClientId;
  readonly message: ConditionedRequest<ConditionedBody>;
  readonly object: ReplicatedObject<Version>;
  /** Undefined for a repair. */
  readonly update: Update | undefined;
}

/**
 * A replica [QU §3.3, Figure 4]: it accepts or refuses each operation on its own, with no word to other replicas but to fetch versions. What
 * an update is and what a version holds is the protocol's: Q/U and Read/Conditional-Write differ in nothing else here.
 */
export abstract class ObjectReplica<Message, Update, Version> implements Replica<Message> {
  protected readonly deployment: Deployment<ObjectOptions>;
  protected readonly context: ReplicaContext<Reply | SyncRequest | SyncReply>;
  /** The prefix of its counters. */
  readonly #name: string;
  /** Counters of accepted operations by type. */
  readonly #accepted: Readonly<Record<Classification['type'], string>>;
  readonly #thresholds: Thresholds;
  readonly #leftByMethod: number;
  readonly #objects = new Map<string, ReplicatedObject<Version>>();
  readonly #syncs = new Map<string, ObjectSync<Conditioned<Update, Version>>>();
  readonly #syncTimers = new Map<TimerId, string>();
  /** For the tag of a reply, which is encoded as soon as it is sent. */
  readonly #tag: Uint8Array;
  #nextTimer: TimerId = 0;

  constructor(
    name: string,
    deployment: Deployment<ObjectOptions>,
    context: ReplicaContext<Reply | SyncRequest | SyncReply>,
  ) {
    this.#name = name;
    this.deployment = deployment;
    this.context = context;
    this.#accepted = {
      method: `${name}.operation.method`,
      inlineMethod: `${name}.operation.inlineMethod`,
      copy: `${name}.operation.copy`,
      barrier: `${name}.operation.barrier`,
      inlineBarrier: `${name}.operation.inlineBarrier`,
    };
    this.#tag = new Uint8Array(context.authentication.tagBytes);
    this.#thresholds = thresholdsOf(deployment);
    const { pruning, mostUnpruned } = deployment.options;
    this.#leftByMethod = pruning ? PRUNED_CANDIDATES : mostUnpruned;
  }

  abstract receive(from: ParticipantId, message: Message): void;

  protected receiveShared(from: ParticipantId, message: SharedMessage): void {
    switch (message.type) {
      case 'repair':
        return isClient(from) ? this.#onRepair(from, message) : this.ignore('unexpected');
      case 'syncRequest':
        return this.#isPeer(from) ? this.#onSyncRequest(from, message) : this.ignore('unexpected');
      case 'syncReply':
        return this.#isPeer(from) ? this.#onSyncReply(from, message) : this.ignore('unexpected');
      case 'reply':
        return this.ignore('unexpected');
    }
  }

  /** What an object has been before its first update. */
  protected abstract initialVersion(object: string): Version;
  /** What stands for the update in its timestamp. */
  protected abstract updateDigest(update: Update, object: ReplicatedObject<Version>): Uint8Array;
  /** The version that the update makes out of the complete one that it is conditioned on; undefined if it may not. */
  protected abstract versionAfter(before: Version, update: Update, client: ClientId): Version | undefined;
  /** Answers what only reads the complete version that it is conditioned on, and makes none; false if it is nothing of that kind. */
  protected answersOff(_before: Version, _operation: Conditioned<Update, Version>): boolean {
    return false;
  }

  /** What the client of an accepted operation is answered. */
  protected abstract resultOf(version: Version): Uint8Array;
  /** The same bytes for equal versions. */
  protected abstract encodeVersion(version: Version): Uint8Array;
  /** A version that others gave for this timestamp, as soon as there is proof that it is the right one. */
  protected abstract provenVersion(
    sync: ObjectSync<unknown>,
    from: ReplicaId,
    bytes: Uint8Array,
    object: ReplicatedObject<Version>,
  ): Version | undefined;

  start(): void {}

  expire(timer: TimerId): void {
    const object = this.#syncTimers.get(timer);
    const sync = object === undefined ? undefined : this.#syncs.get(object);
    if (object === undefined || sync === undefined || sync.timer !== timer) return;
    if (sync.retry()) this.#askHolders(this.object(object), sync);
    else this.#abandonSync(object, sync);
  }

  #onRepair(client: ClientId, message: RepairRequest): void {
    if (!this.isAuthentic(client, 'repair', message)) return;
    this.perform({ client, message, object: this.object(message.body.object), update: undefined });
  }

  #onSyncRequest(from: ReplicaId, message: SyncRequest): void {
    const { authentication } = this.context;
    const nameBytes = new TextEncoder().encode(message.object);
    const asked = syncBytes('syncRequest', nameBytes, message.timestamp, NO_RESULT);
    if (!authentication.verify(from, asked, message.tag, 0)) return this.ignore('authentication');
    // Asking makes no object: whoever asks for ever new names must not fill this replica's memory.
    const held = this.#objects.get(message.object)?.version(message.timestamp);
    let version = held === undefined ? NO_VERSION : this.encodeVersion(held);
    if (version.length > MOST_VERSION_BYTES) {
      this.count('sync.tooLarge');
      version = NO_VERSION;
    }
    const tag = new Uint8Array(authentication.tagBytes);
    authentication.generate(from, syncBytes('syncReply', nameBytes, message.timestamp, version), tag, 0);
    if (version.length > 0) this.count('sync.served');
    const { object, timestamp } = message;
    this.context.send(from, { type: 'syncReply', object, timestamp, version, tag });
  }

  #onSyncReply(from: ReplicaId, message: SyncReply): void {
    const { authentication } = this.context;
    const sync = this.#syncs.get(message.object);
    if (sync === undefined || !sameBytes(sync.timestamp, message.timestamp)) return this.ignore('notAsked');
    const object = this.object(message.object);
    const bytes = syncBytes('syncReply', object.nameBytes, message.timestamp, message.version);
    if (!authentication.verify(from, bytes, message.tag, 0)) return this.ignore('authentication');
    const needed = this.deployment.faults + 1;
    if (message.version.length === 0) {
      if (sync.lacks(from, needed)) this.#abandonSync(message.object, sync);
      return;
    }
    const version = this.provenVersion(sync, from, message.version, object);
    if (version === undefined) return;
    this.#endSync(message.object, sync);
    this.count('sync.completed');
    object.keepFetched(sync.timestamp, version);
    for (const waiting of sync.waiting) this.perform(waiting);
  }

  #endSync(object: string, sync: ObjectSync<Conditioned<Update, Version>>): void {
    this.context.cancelTimer(sync.timer);
    this.#syncTimers.delete(sync.timer);
    this.#syncs.delete(object);
  }

  /** Answers those who wait, who would otherwise learn by a time-out that their history sets are out of date. */
  #abandonSync(object: string, sync: ObjectSync<Conditioned<Update, Version>>): void {
    this.#endSync(object, sync);
    this.count('sync.abandoned');
    for (const waiting of sync.waiting) this.#refuse(waiting, 'versionGone');
  }

  protected isAuthentic(
    client: ClientId,
    type: ConditionedType,
    message: ConditionedRequest<ConditionedBody>,
  ): boolean {
    const { entries, tag } = message;
    const { number, timestamp, coverage } = message.body;
    const { authentication } = this.context;
    const bytes = conditionedRequestBytes(type, number, timestamp, coverage);
    if (!authentication.verify(client, bytes, tag, 0)) {
      this.ignore('authentication');
      return false;
    }
    if (entries.length !== this.deployment.replicas * authentication.tagBytes) {
      this.ignore('malformed');
      return false;
    }
    return true;
  }

  /** Steps 2 to 7 of a request [QU Figure 4]. */
  protected perform(operation: Conditioned<Update, Version>): void {
    const { message, object, update } = operation;
    if (object.holds(message.body.timestamp)) {
      this.count('repeated');
      return this.#accept(operation);
    }
    // Whatever the set says, its bound is not past the operation's own timestamp: saves the verification of what is stale anyway.
    if (compareTimestamps(object.latestTime, message.body.timestamp) > 0) return this.#refuse(operation, 'stale');
    if (timeOf(message.body.timestamp) > timeOf(object.latestTime) + LONGEST_LEAP)
      return this.#refuse(operation, 'leap');
    const digests = this.#historyDigests(object, message.body.historySet);
    const weights = this.#authenticWeights(object, message, digests);
    const { replicas } = this.deployment;
    const classification = classify(weigh(message.body.historySet.histories, weights, replicas), this.#thresholds);
    if ((classification.type === 'method') !== (update !== undefined)) return this.#refuse(operation, 'misclassified');
    const setup = this.#setUp(operation, classification, digests);
    if (!sameBytes(setup.timestamp, message.body.timestamp)) return this.#refuse(operation, 'misclassified');
    // A candidate begins with its timestamp.
    const bound = currencyBound(classification) ?? setup.timestamp;
    if (compareTimestamps(object.latestTime, bound) > 0) return this.#refuse(operation, 'stale');
    if (candidateCount(object.history) >= MOST_CANDIDATES && classification.type !== 'method') {
      return this.#refuse(operation, 'historyFull');
    }
    this.#acceptNew(operation, classification, setup, weights);
  }

  #acceptNew(
    operation: Conditioned<Update, Version>,
    classification: Classification,
    setup: Setup,
    weights: readonly number[],
  ): void {
    const { client, object, update } = operation;
    switch (classification.type) {
      case 'method': {
        const before = this.#versionOrSync(operation, setup.conditionedOn, classification.conditionedOn, weights);
        if (before === undefined || update === undefined) return;
        if (this.answersOff(before, operation)) return;
        const version = this.versionAfter(before, update, client);
        if (version === undefined) return this.#refuse(operation, 'notAllowed');
        object.acceptMethod(operation.message.body.timestamp, classification.conditionedOn, before, version);
        this.context.count(Counter.handled);
        break;
      }
      case 'inlineMethod': {
        // The operation itself is not in the history set, only its digest: the version comes from those who hold it.
        const version = this.#versionOrSync(operation, setup.timestamp, classification.candidate, weights);
        if (version === undefined) return;
        object.acceptRepair(classification.candidate, version);
        break;
      }
      case 'copy': {
        const version = this.#versionOrSync(operation, setup.conditionedOn, classification.conditionedOn, weights);
        if (version === undefined) return;
        object.acceptRepair(makeCandidate(setup.timestamp, setup.conditionedOn), version);
        break;
      }
      case 'barrier':
      case 'inlineBarrier':
        object.acceptRepair(makeCandidate(setup.timestamp, setup.conditionedOn), undefined);
        break;
    }
    this.context.count(this.#accepted[classification.type]);
    this.#accept(operation);
  }

  /** The digests of a set's different histories. Most often they are all this replica's own, whose digest is known. */
  #historyDigests(object: ReplicatedObject<Version>, set: ObjectHistorySet): Uint8Array[] {
    return set.histories.map((history) =>
      sameBytes(history, object.history)
        ? object.digest
        : historyDigest(this.context.authentication, object.nameBytes, history),
    );
  }

  /**
   * For each different history, how many replicas it authentically speaks for. The own history needs no tag; an outdated one of the own
   * is left out like a forged one, as only the client says that it ever was this replica's.
   */
  #authenticWeights(
    object: ReplicatedObject<Version>,
    message: ConditionedRequest<ConditionedBody>,
    digests: readonly Uint8Array[],
  ): number[] {
    const { authentication, self } = this.context;
    const { histories, indexes } = message.body.historySet;
    const weights = new Array<number>(histories.length).fill(0);
    for (let replica = 0; replica < indexes.length; replica++) {
      const index = indexes[replica] ?? UNKNOWN;
      const digest = digests[index];
      if (digest === undefined) continue;
      const authentic =
        replica === self
          ? digest === object.digest
          : authentication.verify(replica, digest, message.entries, replica * authentication.tagBytes);
      if (authentic) weights[index] = (weights[index] ?? 0) + 1;
    }
    return weights;
  }

  #setUp(
    { client, message, object, update }: Conditioned<Update, Version>,
    classification: Classification,
    digests: readonly Uint8Array[],
  ): Setup {
    const { authentication } = this.context;
    const operationDigest = update === undefined ? NO_OPERATION : this.updateDigest(update, object);
    return setUp(classification, client, operationDigest, (conditionedOn) =>
      historySetDigest(authentication, message.body.historySet, digests, conditionedOn),
    );
  }

  /** The version of a candidate; if it is missing, starts to fetch it and lets the operation wait. */
  #versionOrSync(
    operation: Conditioned<Update, Version>,
    timestamp: Timestamp,
    candidate: Candidate,
    weights: readonly number[],
  ): Version | undefined {
    const { object } = operation;
    const held = object.version(timestamp);
    if (held !== undefined) return held;
    if (isOfInitialVersion(timestamp)) return this.initialVersion(object.name);
    const running = this.#syncs.get(object.name);
    // A later version outdates the one that is being fetched, which its holders may have let go.
    if (running !== undefined && compareTimestamps(timestamp, running.timestamp) <= 0) {
      if (!running.wait(operation)) this.#refuse(operation, 'syncQueueFull');
      return undefined;
    }
    const holders = this.#holdersOf(candidate, operation, weights);
    const sync = new ObjectSync<Conditioned<Update, Version>>(timestamp, holders, this.#nextTimer++);
    if (running !== undefined) {
      this.#endSync(object.name, running);
      for (const waiting of running.waiting) sync.wait(waiting);
    }
    if (!sync.wait(operation)) this.#refuse(operation, 'syncQueueFull');
    this.#syncs.set(object.name, sync);
    this.#syncTimers.set(sync.timer, object.name);
    this.count('sync.started');
    this.#askHolders(object, sync);
    return undefined;
  }

  /** The other replicas that, authentically, hold a candidate. */
  #holdersOf(candidate: Candidate, operation: Conditioned<Update, Version>, weights: readonly number[]): ReplicaId[] {
    const { histories, indexes } = operation.message.body.historySet;
    const holders: ReplicaId[] = [];
    for (let replica = 0; replica < indexes.length; replica++) {
      const index = indexes[replica] ?? UNKNOWN;
      const history = histories[index];
      if (replica === this.context.self || history === undefined || weights[index] === 0) continue;
      if (holdsCandidate(history, candidate)) holders.push(replica);
    }
    return holders;
  }

  #askHolders(object: ReplicatedObject<Version>, sync: ObjectSync<Conditioned<Update, Version>>): void {
    const { authentication } = this.context;
    const bytes = syncBytes('syncRequest', object.nameBytes, sync.timestamp, NO_RESULT);
    for (const holder of sync.holders) {
      const tag = new Uint8Array(authentication.tagBytes);
      authentication.generate(holder, bytes, tag, 0);
      this.context.send(holder, { type: 'syncRequest', object: object.name, timestamp: sync.timestamp, tag });
    }
    this.context.setTimer(sync.timer, this.deployment.options.syncRetryUs);
  }

  #accept(operation: Conditioned<Update, Version>): void {
    const { client, message, object } = operation;
    const { timestamp } = message.body;
    const version = isBarrier(timestamp) ? undefined : object.version(timestamp);
    const result = version === undefined ? NO_RESULT : this.resultOf(version);
    this.reply(client, object, message.body.number, message.body.coverage, true, result);
  }

  #refuse(operation: Conditioned<Update, Version>, reason: string): void {
    this.count(`refused.${reason}`);
    const { client, message, object } = operation;
    this.reply(client, object, message.body.number, message.body.coverage, false, NO_RESULT);
  }

  protected reply(
    client: ClientId,
    object: ReplicatedObject<Version>,
    number: number,
    coverage: ReplicaSet,
    accepted: boolean,
    result: Uint8Array,
  ): void {
    const { authentication, self } = this.context;
    const authenticator = object.authenticatorFor(coverage, self, this.deployment.replicas);
    const tag = this.#tag;
    authentication.generate(client, replyBytes(number, accepted, object.digest, result), tag, 0);
    this.context.send(client, {
      type: 'reply',
      number,
      accepted,
      result,
      history: object.history,
      authenticator,
      tag,
    });
  }

  protected object(name: string): ReplicatedObject<Version> {
    let object = this.#objects.get(name);
    if (object === undefined) {
      object = new ReplicatedObject(
        name,
        this.initialVersion(name),
        this.deployment.replicas,
        this.context.authentication,
        this.#leftByMethod,
      );
      this.#objects.set(name, object);
    }
    return object;
  }

  #isPeer(from: ParticipantId): from is ReplicaId {
    return isReplica(from, this.deployment.replicas) && from !== this.context.self;
  }

  protected count(event: string): void {
    this.context.count(`${this.#name}.${event}`);
  }

  protected ignore(reason: string): void {
    this.context.count(ignored(reason));
  }
}
