import { Counter, ignored } from '../kernel/counters.ts';
import { type ClientId, isClient, isReplica, type ParticipantId, type ReplicaId } from '../kernel/identifiers.ts';
import type { Replica, ReplicaContext, TimerId } from '../kernel/participant.ts';
import type { Deployment } from '../kernel/protocol.ts';
import { sameBytes } from '../wire/bytes.ts';
import { type AppraisedSet, appraise, holdersOf } from './appraisal.ts';
import { conditionedRequestBytes, replyBytes } from './authenticated-bytes.ts';
import {
  type Classification,
  classify,
  currencyBound,
  latestSharedTime,
  type Thresholds,
  thresholdsOf,
  type WeighedHistory,
} from './classification.ts';
import { historySetDigest, weigh } from './history-set.ts';
import { jointSince, settledTime } from './joint/classification.ts';
import { JointOperations, type JointUpdate } from './joint/joint-replica.ts';
import type { JointBody } from './joint/message.ts';
import type {
  ConditionedBody,
  ConditionedRequest,
  ConditionedType,
  RepairRequest,
  ReplicaMessage,
  SharedMessage,
} from './message.ts';
import type { ObjectSync } from './object-sync.ts';
import type { ObjectOptions } from './options.ts';
import {
  type Candidate,
  candidateCount,
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
import { VersionFetcher } from './version-fetcher.ts';

export const NO_RESULT = new Uint8Array(0);

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
  protected readonly context: ReplicaContext<ReplicaMessage>;
  /** The prefix of its counters. */
  readonly #name: string;
  /** Counters of accepted operations by type. */
  readonly #accepted: Readonly<Record<Classification['type'], string>>;
  readonly #thresholds: Thresholds;
  readonly #leftByMethod: number;
  readonly #objects = new Map<string, ReplicatedObject<Version>>();
  readonly #fetcher: VersionFetcher<Version>;
  readonly #joint: JointOperations<Version>;
  /** For the tag of a reply, which is encoded as soon as it is sent. */
  readonly #tag: Uint8Array;

  constructor(name: string, deployment: Deployment<ObjectOptions>, context: ReplicaContext<ReplicaMessage>) {
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
    this.#fetcher = new VersionFetcher(
      {
        faults: deployment.faults,
        retryUs: deployment.options.syncRetryUs,
        context,
        format: {
          encode: (version) => this.encodeVersion(version),
          proven: (sync, from, bytes, object) => this.provenVersion(sync, from, bytes, object),
        },
        count: (event) => this.count(event),
      },
      this.#objects,
    );
    this.#joint = new JointOperations({
      deployment,
      context,
      fetcher: this.#fetcher,
      object: (object) => this.object(object),
      glimpse: (object) => this.#objects.get(object) ?? this.#newObject(object),
      initialVersion: (object) => this.initialVersion(object),
      resultOf: (version) => this.resultOf(version),
      readingOf: (objects) => this.readingOf(objects),
      jointUpdateOf: (client, body) => this.jointUpdateOf(client, body),
      count: (event) => this.count(event),
      ignore: (reason) => this.ignore(reason),
    });
  }

  abstract receive(from: ParticipantId, message: Message): void;

  protected receiveShared(from: ParticipantId, message: SharedMessage): void {
    switch (message.type) {
      case 'repair':
        return isClient(from) ? this.#onRepair(from, message) : this.ignore('unexpected');
      case 'syncRequest':
        return this.#isPeer(from) ? this.#fetcher.onRequest(from, message) : this.ignore('unexpected');
      case 'syncReply':
        return this.#isPeer(from) ? this.#fetcher.onReply(from, message) : this.ignore('unexpected');
      case 'jointUpdate':
      case 'jointRepair':
        return isClient(from) ? this.#joint.onRequest(from, message) : this.ignore('unexpected');
      case 'jointHistoryQuery':
        return isClient(from) ? this.#joint.onHistoryQuery(from, message) : this.ignore('unexpected');
      case 'jointReply':
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
  /** The update of several objects that the body describes; undefined if it is none that this client may ask for on those objects. */
  protected abstract jointUpdateOf(client: ClientId, body: JointBody): JointUpdate<Version> | undefined;
  /** What a client that asks for the histories of several objects is answered beside them. */
  protected readingOf(_objects: readonly ReplicatedObject<Version>[]): Uint8Array | undefined {
    return NO_RESULT;
  }

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
    this.#fetcher.expire(timer);
  }

  #onRepair(client: ClientId, message: RepairRequest): void {
    if (!this.isAuthentic(client, 'repair', message)) return;
    this.perform({ client, message, object: this.object(message.body.object), update: undefined });
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
    const { authentication, self } = this.context;
    const { historySet } = message.body;
    const appraised = appraise(object, historySet, message.entries, 0, self, authentication);
    const histories = weigh(historySet.histories, appraised.weights, this.deployment.replicas);
    if (this.#leaps(message.body.timestamp, object, histories)) return this.#refuse(operation, 'leap');
    const classification = classify(histories, this.#thresholds);
    if ((classification.type === 'method') !== (update !== undefined)) return this.#refuse(operation, 'misclassified');
    const setup = this.#setUp(operation, classification, appraised.digests);
    if (!sameBytes(setup.timestamp, message.body.timestamp)) return this.#refuse(operation, 'misclassified');
    // A candidate begins with its timestamp.
    const bound = currencyBound(classification) ?? setup.timestamp;
    if (compareTimestamps(object.latestTime, bound) > 0) return this.#refuse(operation, 'stale');
    if (candidateCount(object.history) >= MOST_CANDIDATES && classification.type !== 'method') {
      return this.#refuse(operation, 'historyFull');
    }
    if (this.#leavesOthersOut(object, classification, histories)) return this.#refuse(operation, 'open');
    this.#acceptNew(operation, classification, setup, appraised);
  }

  /** Others may have gone along with a leap, and one after it, that this replica was not asked to. */
  #leaps(
    timestamp: Timestamp,
    { latestTime }: ReplicatedObject<Version>,
    histories: readonly WeighedHistory[],
  ): boolean {
    const time = timeOf(timestamp);
    if (time <= timeOf(latestTime) + LONGEST_LEAP) return false;
    return time > latestSharedTime(histories, this.deployment.faults) + LONGEST_LEAP;
  }

  /**
   * Whether the repair would settle, for this object alone, what becomes of a candidate that has others of other objects: it takes a joint repair to
   * do that for all of them.
   */
  #leavesOthersOut(
    object: ReplicatedObject<Version>,
    { type }: Classification,
    histories: readonly WeighedHistory[],
  ): boolean {
    if (type !== 'inlineMethod' && type !== 'copy') return false;
    const settled = settledTime(histories, this.#thresholds);
    return jointSince(histories, settled).length > 0 || object.jointSince(settled).length > 0;
  }

  #acceptNew(
    operation: Conditioned<Update, Version>,
    classification: Classification,
    setup: Setup,
    appraised: AppraisedSet,
  ): void {
    const { client, object, update } = operation;
    switch (classification.type) {
      case 'method': {
        const before = this.#versionOrSync(operation, setup.conditionedOn, classification.conditionedOn, appraised);
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
        const version = this.#versionOrSync(operation, setup.timestamp, classification.candidate, appraised);
        if (version === undefined) return;
        object.acceptRepair(classification.candidate, version);
        break;
      }
      case 'copy': {
        const version = this.#versionOrSync(operation, setup.conditionedOn, classification.conditionedOn, appraised);
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
    appraised: AppraisedSet,
  ): Version | undefined {
    const { object } = operation;
    const held = object.version(timestamp);
    if (held !== undefined) return held;
    if (isOfInitialVersion(timestamp)) return this.initialVersion(object.name);
    this.#fetcher.fetch(object, timestamp, () => holdersOf(candidate, appraised, this.context.self), {
      goOn: () => this.perform(operation),
      refuse: (reason) => this.#refuse(operation, reason),
    });
    return undefined;
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
      object = this.#newObject(name);
      this.#objects.set(name, object);
    }
    return object;
  }

  #newObject(name: string): ReplicatedObject<Version> {
    return new ReplicatedObject(
      name,
      this.initialVersion(name),
      this.deployment.replicas,
      this.context.authentication,
      this.#leftByMethod,
    );
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
