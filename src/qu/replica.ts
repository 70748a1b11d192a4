import { Counter, ignored } from '../kernel/counters.ts';
import { type ClientId, isClient, isReplica, type ParticipantId, type ReplicaId } from '../kernel/identifiers.ts';
import type { Replica, ReplicaContext, TimerId } from '../kernel/participant.ts';
import type { Deployment } from '../kernel/protocol.ts';
import { sameBytes } from '../wire/bytes.ts';
import { Limit } from '../wire/limits.ts';
import { type ClientRequest, decodeRequest } from '../wire/request.ts';
import {
  conditionedRequestBytes,
  historyQueryBytes,
  queryBytes,
  replyBytes,
  syncBytes,
} from './authenticated-bytes.ts';
import { type Classification, classify, currencyBound, type Thresholds, thresholdsOf } from './classification.ts';
import { historyDigest, historySetDigest, type ObjectHistorySet, UNKNOWN, weigh } from './history-set.ts';
import type {
  ConditionedQuery,
  HistoryQuery,
  QueryRequest,
  QuMessage,
  RepairRequest,
  SyncReply,
  SyncRequest,
  UpdateRequest,
} from './message.ts';
import { ObjectSync } from './object-sync.ts';
import type { QuOptions } from './options.ts';
import {
  type Candidate,
  candidateCount,
  holdsCandidate,
  MOST_CANDIDATES,
  makeCandidate,
  newestObjectCandidate,
  PRUNED_CANDIDATES,
  timestampOf,
} from './replica-history.ts';
import type { ReplicaSet } from './replica-set.ts';
import { ReplicatedObject } from './replicated-object.ts';
import { type Setup, setUp } from './setup.ts';
import {
  compareTimestamps,
  INITIAL_TIMESTAMP,
  isBarrier,
  LONGEST_LEAP,
  NO_OPERATION,
  type Timestamp,
  timeOf,
} from './timestamp.ts';
import { apply, decodeVersion, encodeVersion, initialVersion, type Version } from './version.ts';

const NO_RESULT = new Uint8Array(0);
const NO_VERSION = new Uint8Array(0);
/** What a message has room for beside name, timestamp and tag. */
const MOST_VERSION_BYTES = Limit.messageBytes - 2048;

/** Counters of accepted operations by type. */
const ACCEPTED = {
  method: 'qu.operation.method',
  inlineMethod: 'qu.operation.inlineMethod',
  copy: 'qu.operation.copy',
  barrier: 'qu.operation.barrier',
  inlineBarrier: 'qu.operation.inlineBarrier',
} as const;

type ConditionedMessage = UpdateRequest | RepairRequest | ConditionedQuery;

/** A request that is conditioned on a history set, whose tag is right, with its operation decoded. */
interface Conditioned {
  readonly client: ClientId;
  readonly message: ConditionedMessage;
  readonly object: ReplicatedObject;
  /** Undefined for a repair. */
  readonly request: ClientRequest | undefined;
}

/** A Q/U replica [QU §3.3, Figure 4]: it accepts or refuses each operation on its own, with no word to other replicas but to fetch versions. */
export class QuReplica implements Replica<QuMessage> {
  readonly #deployment: Deployment<QuOptions>;
  readonly #context: ReplicaContext<QuMessage>;
  readonly #thresholds: Thresholds;
  readonly #leftByMethod: number;
  readonly #objects = new Map<string, ReplicatedObject>();
  readonly #syncs = new Map<string, ObjectSync<Conditioned>>();
  readonly #syncTimers = new Map<TimerId, string>();
  /** For the tag of a reply, which is encoded as soon as it is sent. */
  readonly #tag: Uint8Array;
  #nextTimer: TimerId = 0;

  constructor(deployment: Deployment<QuOptions>, context: ReplicaContext<QuMessage>) {
    this.#deployment = deployment;
    this.#context = context;
    this.#tag = new Uint8Array(context.authentication.tagBytes);
    this.#thresholds = thresholdsOf(deployment);
    const { pruning, mostUnpruned } = deployment.options;
    this.#leftByMethod = pruning ? PRUNED_CANDIDATES : mostUnpruned;
  }

  start(): void {}

  receive(from: ParticipantId, message: QuMessage): void {
    switch (message.type) {
      case 'update':
      case 'conditionedQuery':
        return isClient(from) ? this.#onOperation(from, message) : this.#ignore('unexpected');
      case 'repair':
        return isClient(from) ? this.#onRepair(from, message) : this.#ignore('unexpected');
      case 'query':
        return isClient(from) ? this.#onQuery(from, message) : this.#ignore('unexpected');
      case 'historyQuery':
        return isClient(from) ? this.#onHistoryQuery(from, message) : this.#ignore('unexpected');
      case 'syncRequest':
        return this.#isPeer(from) ? this.#onSyncRequest(from, message) : this.#ignore('unexpected');
      case 'syncReply':
        return this.#isPeer(from) ? this.#onSyncReply(from, message) : this.#ignore('unexpected');
      case 'reply':
        return this.#ignore('unexpected');
    }
  }

  expire(timer: TimerId): void {
    const object = this.#syncTimers.get(timer);
    const sync = object === undefined ? undefined : this.#syncs.get(object);
    if (object === undefined || sync === undefined || sync.timer !== timer) return;
    if (sync.retry()) this.#askHolders(this.#object(object), sync);
    else this.#abandonSync(object, sync);
  }

  #onOperation(client: ClientId, message: UpdateRequest | ConditionedQuery): void {
    if (!this.#isAuthentic(client, message)) return;
    const request = decodeRequest(message.body.request);
    if (request === undefined || request.client !== client) return this.#ignore('malformed');
    if (message.type === 'conditionedQuery' && !this.#isQuery(request)) return this.#ignore('malformed');
    this.#perform({ client, message, object: this.#object(request.operation.object), request });
  }

  #onRepair(client: ClientId, message: RepairRequest): void {
    if (!this.#isAuthentic(client, message)) return;
    this.#perform({ client, message, object: this.#object(message.body.object), request: undefined });
  }

  #onQuery(client: ClientId, message: QueryRequest): void {
    const { authentication } = this.#context;
    const { number, coverage } = message;
    const bytes = queryBytes(number, authentication.digest(message.request), coverage);
    if (!authentication.verify(client, bytes, message.tag, 0)) return this.#ignore('authentication');
    const request = decodeRequest(message.request);
    if (request === undefined || request.client !== client) return this.#ignore('malformed');
    if (!this.#isQuery(request)) return this.#ignore('malformed');
    const object = this.#object(request.operation.object);
    const newest = newestObjectCandidate(object.history);
    const version = newest === undefined ? undefined : object.version(timestampOf(newest));
    if (version === undefined) return this.#reply(client, object, number, coverage, false, NO_RESULT);
    this.#answerQuery(client, object, number, coverage, version, request);
  }

  #isQuery({ operation }: ClientRequest): boolean {
    return this.#deployment.service.methods.get(operation.method) === 'query';
  }

  #answerQuery(
    client: ClientId,
    object: ReplicatedObject,
    number: number,
    coverage: ReplicaSet,
    version: Version,
    { operation }: ClientRequest,
  ): void {
    const { result } = this.#deployment.service.execute(version.state, operation.method, operation.argument);
    this.#context.count(Counter.handled);
    this.#context.count('qu.operation.query');
    this.#reply(client, object, number, coverage, true, result);
  }

  #onHistoryQuery(client: ClientId, message: HistoryQuery): void {
    const { number, coverage } = message;
    const bytes = historyQueryBytes(number, new TextEncoder().encode(message.object), coverage);
    if (!this.#context.authentication.verify(client, bytes, message.tag, 0)) return this.#ignore('authentication');
    this.#context.count('qu.operation.historyQuery');
    this.#reply(client, this.#object(message.object), number, coverage, true, NO_RESULT);
  }

  #onSyncRequest(from: ReplicaId, message: SyncRequest): void {
    const { authentication } = this.#context;
    const nameBytes = new TextEncoder().encode(message.object);
    const asked = syncBytes('syncRequest', nameBytes, message.timestamp, NO_RESULT);
    if (!authentication.verify(from, asked, message.tag, 0)) return this.#ignore('authentication');
    // Asking makes no object: whoever asks for ever new names must not fill this replica's memory.
    const held = this.#objects.get(message.object)?.version(message.timestamp);
    let version = held === undefined ? NO_VERSION : encodeVersion(held);
    if (version.length > MOST_VERSION_BYTES) {
      this.#context.count('qu.sync.tooLarge');
      version = NO_VERSION;
    }
    const tag = new Uint8Array(authentication.tagBytes);
    authentication.generate(from, syncBytes('syncReply', nameBytes, message.timestamp, version), tag, 0);
    if (version.length > 0) this.#context.count('qu.sync.served');
    const { object, timestamp } = message;
    this.#context.send(from, { type: 'syncReply', object, timestamp, version, tag });
  }

  #onSyncReply(from: ReplicaId, message: SyncReply): void {
    const { authentication } = this.#context;
    const sync = this.#syncs.get(message.object);
    if (sync === undefined || !sameBytes(sync.timestamp, message.timestamp)) return this.#ignore('notAsked');
    const object = this.#object(message.object);
    const bytes = syncBytes('syncReply', object.nameBytes, message.timestamp, message.version);
    if (!authentication.verify(from, bytes, message.tag, 0)) return this.#ignore('authentication');
    const needed = this.#deployment.faults + 1;
    if (message.version.length === 0) {
      if (sync.lacks(from, needed)) this.#abandonSync(message.object, sync);
      return;
    }
    const agreed = sync.answer(from, message.version, needed);
    const version = agreed === undefined ? undefined : decodeVersion(agreed);
    if (version === undefined) return;
    this.#endSync(message.object, sync);
    this.#context.count('qu.sync.completed');
    object.keepFetched(sync.timestamp, version);
    for (const waiting of sync.waiting) this.#perform(waiting);
  }

  #endSync(object: string, sync: ObjectSync<Conditioned>): void {
    this.#context.cancelTimer(sync.timer);
    this.#syncTimers.delete(sync.timer);
    this.#syncs.delete(object);
  }

  /** Answers those who wait, who would otherwise learn by a time-out that their history sets are out of date. */
  #abandonSync(object: string, sync: ObjectSync<Conditioned>): void {
    this.#endSync(object, sync);
    this.#context.count('qu.sync.abandoned');
    for (const waiting of sync.waiting) this.#refuse(waiting, 'versionGone');
  }

  #isAuthentic(client: ClientId, message: ConditionedMessage): boolean {
    const { type, entries, tag } = message;
    const { number, timestamp, coverage } = message.body;
    const { authentication } = this.#context;
    const bytes = conditionedRequestBytes(type, number, timestamp, coverage);
    if (!authentication.verify(client, bytes, tag, 0)) {
      this.#ignore('authentication');
      return false;
    }
    if (entries.length !== this.#deployment.replicas * authentication.tagBytes) {
      this.#ignore('malformed');
      return false;
    }
    return true;
  }

  /** Steps 2 to 7 of a request [QU Figure 4]. */
  #perform(operation: Conditioned): void {
    const { client, message, object, request } = operation;
    if (object.holds(message.body.timestamp)) {
      this.#context.count('qu.repeated');
      return this.#accept(operation);
    }
    // Whatever the set says, its bound is not past the operation's own timestamp: saves the verification of what is stale anyway.
    if (compareTimestamps(object.latestTime, message.body.timestamp) > 0) return this.#refuse(operation, 'stale');
    if (timeOf(message.body.timestamp) > timeOf(object.latestTime) + LONGEST_LEAP)
      return this.#refuse(operation, 'leap');
    const digests = this.#historyDigests(object, message.body.historySet);
    const weights = this.#authenticWeights(object, message, digests);
    const { replicas } = this.#deployment;
    const classification = classify(weigh(message.body.historySet.histories, weights, replicas), this.#thresholds);
    if ((classification.type === 'method') !== (request !== undefined)) return this.#refuse(operation, 'misclassified');
    const setup = this.#setUp(client, message, classification, digests);
    if (!sameBytes(setup.timestamp, message.body.timestamp)) return this.#refuse(operation, 'misclassified');
    // A candidate begins with its timestamp.
    const bound = currencyBound(classification) ?? setup.timestamp;
    if (compareTimestamps(object.latestTime, bound) > 0) return this.#refuse(operation, 'stale');
    if (candidateCount(object.history) >= MOST_CANDIDATES && classification.type !== 'method') {
      return this.#refuse(operation, 'historyFull');
    }
    this.#acceptNew(operation, classification, setup, weights);
  }

  #acceptNew(operation: Conditioned, classification: Classification, setup: Setup, weights: readonly number[]): void {
    const { object, request } = operation;
    switch (classification.type) {
      case 'method': {
        const before = this.#versionOrSync(operation, setup.conditionedOn, classification.conditionedOn, weights);
        if (before === undefined || request === undefined) return;
        if (operation.message.type === 'conditionedQuery') {
          const { number, coverage } = operation.message.body;
          return this.#answerQuery(operation.client, object, number, coverage, before, request);
        }
        const version = apply(this.#deployment.service, before, request);
        object.acceptMethod(operation.message.body.timestamp, classification.conditionedOn, before, version);
        this.#context.count(Counter.handled);
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
    this.#context.count(ACCEPTED[classification.type]);
    this.#accept(operation);
  }

  /** The digests of a set's different histories. Most often they are all this replica's own, whose digest is known. */
  #historyDigests(object: ReplicatedObject, set: ObjectHistorySet): Uint8Array[] {
    return set.histories.map((history) =>
      sameBytes(history, object.history)
        ? object.digest
        : historyDigest(this.#context.authentication, object.nameBytes, history),
    );
  }

  /**
   * For each different history, how many replicas it authentically speaks for. The own history needs no tag; an outdated one of the own
   * is left out like a forged one, as only the client says that it ever was this replica's.
   */
  #authenticWeights(object: ReplicatedObject, message: ConditionedMessage, digests: readonly Uint8Array[]): number[] {
    const { authentication, self } = this.#context;
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
    client: ClientId,
    message: ConditionedMessage,
    classification: Classification,
    digests: readonly Uint8Array[],
  ): Setup {
    const { authentication } = this.#context;
    const operationDigest = message.type === 'repair' ? NO_OPERATION : authentication.digest(message.body.request);
    return setUp(classification, client, operationDigest, (conditionedOn) =>
      historySetDigest(authentication, message.body.historySet, digests, conditionedOn),
    );
  }

  /** The version of a candidate; if it is missing, starts to fetch it and lets the operation wait. */
  #versionOrSync(
    operation: Conditioned,
    timestamp: Timestamp,
    candidate: Candidate,
    weights: readonly number[],
  ): Version | undefined {
    const { object } = operation;
    const held = object.version(timestamp);
    if (held !== undefined) return held;
    if (sameBytes(timestamp, INITIAL_TIMESTAMP)) return initialVersion(this.#deployment.service, object.name);
    const running = this.#syncs.get(object.name);
    // A later version outdates the one that is being fetched, which its holders may have let go.
    if (running !== undefined && compareTimestamps(timestamp, running.timestamp) <= 0) {
      if (!running.wait(operation)) this.#refuse(operation, 'syncQueueFull');
      return undefined;
    }
    const holders = this.#holdersOf(candidate, operation, weights);
    const sync = new ObjectSync<Conditioned>(timestamp, holders, this.#nextTimer++);
    if (running !== undefined) {
      this.#endSync(object.name, running);
      for (const waiting of running.waiting) sync.wait(waiting);
    }
    if (!sync.wait(operation)) this.#refuse(operation, 'syncQueueFull');
    this.#syncs.set(object.name, sync);
    this.#syncTimers.set(sync.timer, object.name);
    this.#context.count('qu.sync.started');
    this.#askHolders(object, sync);
    return undefined;
  }

  /** The other replicas that, authentically, hold a candidate. */
  #holdersOf(candidate: Candidate, operation: Conditioned, weights: readonly number[]): ReplicaId[] {
    const { histories, indexes } = operation.message.body.historySet;
    const holders: ReplicaId[] = [];
    for (let replica = 0; replica < indexes.length; replica++) {
      const index = indexes[replica] ?? UNKNOWN;
      const history = histories[index];
      if (replica === this.#context.self || history === undefined || weights[index] === 0) continue;
      if (holdsCandidate(history, candidate)) holders.push(replica);
    }
    return holders;
  }

  #askHolders(object: ReplicatedObject, sync: ObjectSync<Conditioned>): void {
    const { authentication } = this.#context;
    const bytes = syncBytes('syncRequest', object.nameBytes, sync.timestamp, NO_RESULT);
    for (const holder of sync.holders) {
      const tag = new Uint8Array(authentication.tagBytes);
      authentication.generate(holder, bytes, tag, 0);
      this.#context.send(holder, { type: 'syncRequest', object: object.name, timestamp: sync.timestamp, tag });
    }
    this.#context.setTimer(sync.timer, this.#deployment.options.syncRetryUs);
  }

  #accept(operation: Conditioned): void {
    const { client, message, object } = operation;
    const result = isBarrier(message.body.timestamp)
      ? NO_RESULT
      : (object.version(message.body.timestamp)?.result ?? NO_RESULT);
    this.#reply(client, object, message.body.number, message.body.coverage, true, result);
  }

  #refuse(operation: Conditioned, reason: string): void {
    this.#context.count(`qu.refused.${reason}`);
    const { client, message, object } = operation;
    this.#reply(client, object, message.body.number, message.body.coverage, false, NO_RESULT);
  }

  #reply(
    client: ClientId,
    object: ReplicatedObject,
    number: number,
    coverage: ReplicaSet,
    accepted: boolean,
    result: Uint8Array,
  ): void {
    const { authentication, self } = this.#context;
    const authenticator = object.authenticatorFor(coverage, self, this.#deployment.replicas);
    const tag = this.#tag;
    authentication.generate(client, replyBytes(number, accepted, object.digest, result), tag, 0);
    this.#context.send(client, {
      type: 'reply',
      number,
      accepted,
      result,
      history: object.history,
      authenticator,
      tag,
    });
  }

  #object(name: string): ReplicatedObject {
    let object = this.#objects.get(name);
    if (object === undefined) {
      object = new ReplicatedObject(
        name,
        this.#deployment.service,
        this.#deployment.replicas,
        this.#context.authentication,
        this.#leftByMethod,
      );
      this.#objects.set(name, object);
    }
    return object;
  }

  #isPeer(from: ParticipantId): from is ReplicaId {
    return isReplica(from, this.#deployment.replicas) && from !== this.#context.self;
  }

  #ignore(reason: string): void {
    this.#context.count(ignored(reason));
  }
}
