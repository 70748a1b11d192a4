import { Counter, ignored } from '../kernel/counters.ts';
import { isReplica, type ParticipantId, type ReplicaId } from '../kernel/identifiers.ts';
import { type Operation, objectsOf } from '../kernel/operation.ts';
import type { Client, ClientContext, TimerId } from '../kernel/participant.ts';
import type { Deployment } from '../kernel/protocol.ts';
import type { Microseconds } from '../kernel/time.ts';
import { concatenated, copyOf, sameBytes } from '../wire/bytes.ts';
import { jointReplyBytes, replyBytes } from './authenticated-bytes.ts';
import { backoffBound } from './backoff.ts';
import { type CachedHistorySet, HistorySetCache, type HistorySetSnapshot } from './cached-history-set.ts';
import { type Thresholds, thresholdsOf } from './classification.ts';
import { type DigestedHistory, historySetDigest } from './history-set.ts';
import { classifyGroup, unsettledJoint } from './joint/classification.ts';
import { closureOf } from './joint/closure.ts';
import { historiesDigest } from './joint/digests.ts';
import type { JointReply } from './joint/message.ts';
import { setUpJoint } from './joint/setup.ts';
import { Ties } from './joint/ties.ts';
import type { ClientMessage, Reply } from './message.ts';
import { Mistrust } from './mistrust.ts';
import type { OperationPlan } from './operation-plan.ts';
import type { ObjectOptions } from './options.ts';
import { chooseQuorum, drawQuorum } from './preferred-quorum.ts';
import { type Candidate, newestObjectCandidate, timestampOf } from './replica-history.ts';
import { includesReplica, makeQuorum, type Quorum, type ReplicaSet } from './replica-set.ts';
import { RequestSender } from './request-sender.ts';
import { Round, type RoundState, type Shown } from './round.ts';
import { setUp } from './setup.ts';
import { cacheOf, isJoint, newestOf, type Step, shownBy, takeIn } from './step.ts';
import { NO_OPERATION, operationDigestOf, type Timestamp, timeOf } from './timestamp.ts';

const ROUND_TIMER: TimerId = 0;
const BACKOFF_TIMER: TimerId = 1;
const NO_BASIS = new Uint8Array(0);
const NO_OTHERS: readonly Shown[] = [];
const NO_PAYLOAD: readonly Uint8Array[] = [];

/**
 * Attempts of one operation after which replicas are doubted, and between two doubts. Where other clients' operations go on completing,
 * contention explains an attempt that fails, and only far more of them are suspicious.
 */
const PATIENT_ATTEMPTS = 16;
const ATTEMPTS_A_DOUBT = 8;
const PATIENT_ATTEMPTS_UNDER_CONTENTION = 128;

/** The operation that was invoked. */
interface Pending<Message> {
  readonly plan: OperationPlan<Message>;
  /** What is known of its objects, the first one first. */
  readonly cache: CachedHistorySet;
  readonly caches: readonly CachedHistorySet[];
  /** Most operations meet no joint candidate. */
  ties: Ties | undefined;
  /** Rounds in a row that ended without progress; the back-off grows with them. */
  failures: number;
  inlineRepaired: boolean;
  /** Attempts so far, repairs included. */
  attempts: number;
  /** Those since the newest complete candidate last changed. */
  attemptsInVain: number;
  /** Its time; no faulty replica can feign it, as a quorum shows it. */
  completeTime: number;
}

/**
 * A client [QU §3.3, Figure 3]: it orders operations by what replicas' histories show, and repairs what others left half done. How an
 * operation is carried out on an object that is ready for it is its plan's, in which Q/U and Read/Conditional-Write differ.
 */
export abstract class ObjectClient<Message> implements Client<Message> {
  protected readonly deployment: Deployment<ObjectOptions>;
  protected readonly context: ClientContext<Message | ClientMessage>;
  /** The prefix of its counters. */
  readonly #name: string;
  /** Counters of what was sent, by what the history set called for; a step that is sent again counts once. */
  readonly #attempted: Readonly<Record<Exclude<Step<Message>['type'], 'repair' | 'jointRepair'>, string>>;
  readonly #keepsHistorySets: boolean;
  readonly #thresholds: Thresholds;
  readonly #caches: HistorySetCache;
  readonly #everyone: Quorum;
  readonly #mistrust: Mistrust;
  readonly #sender: RequestSender<Message>;
  #requestNumber = 0;
  #roundNumber = 0;
  #roundBeganUs: Microseconds = 0;
  /** Smoothed, of rounds that did not time out; 0 before the first. */
  #roundUs: Microseconds = 0;
  #pending: Pending<Message> | undefined;
  #step: Step<Message> | undefined;
  #round: Round | undefined;
  #timeouts = 0;
  #recent: DigestedHistory | undefined;

  /** `keepsHistorySets`: whether what was shown of an object is kept until its next operation. */
  constructor(
    name: string,
    deployment: Deployment<ObjectOptions>,
    context: ClientContext<Message | ClientMessage>,
    keepsHistorySets = true,
  ) {
    const { replicas, options, service } = deployment;
    this.#name = name;
    this.#attempted = {
      query: `${name}.attempt.query`,
      historyQuery: `${name}.attempt.historyQuery`,
      conditionedQuery: `${name}.attempt.conditionedQuery`,
      update: `${name}.attempt.method`,
      jointUpdate: `${name}.attempt.method`,
      jointHistoryQuery: `${name}.attempt.historyQuery`,
    };
    this.#keepsHistorySets = keepsHistorySets;
    this.deployment = deployment;
    this.context = context;
    this.#thresholds = thresholdsOf(deployment);
    this.#caches = new HistorySetCache(
      options.cachedObjects,
      deployment,
      context.authentication,
      (object) => service.locality?.(object) ?? object,
    );
    this.#sender = new RequestSender(context);
    const all = Array.from({ length: replicas }, (_, replica) => replica);
    this.#everyone = makeQuorum(all, replicas);
    this.#mistrust = new Mistrust(deployment, context);
  }

  start(): void {}

  invoke(operation: Operation): void {
    if (this.#pending !== undefined) throw new Error('a client carries out one operation at a time');
    // Equal histories of two objects, the initial ones first of all, have different digests.
    this.#recent = undefined;
    const caches = objectsOf(operation).map((object) => this.#caches.for(object));
    const [cache = this.#caches.for(operation.object)] = caches;
    this.#pending = {
      plan: this.planFor(operation, ++this.#requestNumber),
      cache,
      caches,
      ties: undefined,
      failures: 0,
      inlineRepaired: false,
      attempts: 0,
      attemptsInVain: 0,
      completeTime: 0,
    };
    this.#beginFirst(this.#pending);
  }

  #beginFirst(pending: Pending<Message>): void {
    const { readsFirst, historyRequest } = pending.plan;
    if (pending.caches.length > 1 && (readsFirst || historyRequest !== undefined)) this.#askForAll(pending, readsFirst);
    else if (readsFirst) this.#begin(pending, this.#readingOf(pending));
    else if (historyRequest !== undefined)
      this.#begin(pending, { type: 'historyQuery', cache: pending.cache, request: historyRequest });
    else this.#advance(pending);
  }

  abstract receive(from: ParticipantId, message: Message): void;

  protected abstract planFor(operation: Operation, number: number): OperationPlan<Message>;

  /** Whether the message is one of replies, of which the client takes in those to its present round. */
  protected receiveReply(from: ParticipantId, message: Reply | JointReply): void {
    if (!isReplica(from, this.deployment.replicas)) return this.ignore('unexpected');
    const pending = this.#pending;
    const round = this.#round;
    if (pending === undefined || round === undefined || message.number !== round.number || round.hasAnswer(from)) {
      return this.ignore('late');
    }
    if (message.type === 'reply') this.#onReply(from, message, pending, round);
    else this.#onJointReply(from, message, pending, round);
  }

  expire(timer: TimerId): void {
    const pending = this.#pending;
    if (pending === undefined) return;
    if (timer === BACKOFF_TIMER) this.#advance(pending);
    else this.#onRoundTimeout(pending);
  }

  #onReply(from: ReplicaId, reply: Reply, pending: Pending<Message>, round: Round): void {
    const { authentication } = this.context;
    const step = this.#step;
    if (step === undefined || isJoint(step)) return this.ignore('unexpected');
    const history = step.cache.digested(reply.history, this.#recent);
    const bytes = replyBytes(reply.number, reply.accepted, history.digest, reply.result);
    if (!authentication.verify(from, bytes, reply.tag, 0)) return this.ignore('authentication');
    if (reply.authenticator.length !== this.deployment.replicas * authentication.tagBytes)
      return this.ignore('malformed');
    this.#recent = history;
    this.#mistrust.heardFrom(from);
    const newest = step.type === 'query' ? newestObjectCandidate(history.history) : undefined;
    const state = round.record(
      { from, history, authenticator: reply.authenticator, others: NO_OTHERS },
      reply.accepted,
      reply.result,
      newest === undefined ? NO_BASIS : timestampOf(newest),
    );
    this.#goOnWith(state, pending, round);
  }

  #onJointReply(from: ReplicaId, reply: JointReply, pending: Pending<Message>, round: Round): void {
    const { authentication } = this.context;
    const step = this.#step;
    if (step === undefined || !isJoint(step) || reply.shown.length !== step.caches.length) {
      return this.ignore('unexpected');
    }
    const shown = shownBy(reply, step);
    const digest = historiesDigest(
      authentication,
      shown.map(({ history }) => history.digest),
    );
    const bytes = jointReplyBytes(reply.number, reply.accepted, digest, reply.result);
    if (!authentication.verify(from, bytes, reply.tag, 0)) return this.ignore('authentication');
    const entryBytes = this.deployment.replicas * authentication.tagBytes;
    const [first, ...others] = shown;
    if (first === undefined || shown.some(({ authenticator }) => authenticator.length !== entryBytes)) {
      return this.ignore('malformed');
    }
    this.#mistrust.heardFrom(from);
    this.#tiesOf(pending).bindings.addFor(
      shown.map(({ history }) => history.history),
      reply.bindings,
    );
    const basis = step.type === 'jointHistoryQuery' && step.reads ? newestOf(shown) : NO_BASIS;
    this.#goOnWith(round.record({ from, ...first, others }, reply.accepted, reply.result, basis), pending, round);
  }

  #goOnWith(state: RoundState, pending: Pending<Message>, round: Round): void {
    if (state === 'open') return;
    this.#noteRoundLength();
    this.#endRound(pending, round, state === 'accepted');
  }

  #endRound(pending: Pending<Message>, round: Round, accepted: boolean): void {
    // Only now: until then the round may be sent again, and then exactly as it was.
    const step = this.#step;
    if (step === undefined) return;
    for (const answer of round.answers) takeIn(answer, step);
    // Those that let a round time out and were silent in the next one too are passed over for a while.
    if (this.#timeouts > 0) this.#mistrust.suspect(round.unanswered);
    this.#round = undefined;
    this.#timeouts = 0;
    switch (step.type) {
      case 'query':
        return this.#onQueryRound(pending, round);
      case 'historyQuery':
        return this.#advance(pending);
      case 'jointHistoryQuery':
        return step.reads ? this.#onJointReading(pending, round) : this.#advance(pending);
      case 'jointUpdate':
      case 'jointRepair':
        return accepted ? this.#onAccepted(pending, round, step.body.timestamp) : this.#onRefused(pending);
      default:
        return accepted ? this.#onAccepted(pending, round, step.timestamp) : this.#onRefused(pending);
    }
  }

  /**
   * A quorum holds the candidate: it is complete. If it is this client's operation, by whatever way, that is the end. A conditioned query
   * was executed by a quorum on one complete version, and none of them had a newer one: whatever was complete before it began would
   * stand in the histories of 2b+1 correct ones.
   */
  #onAccepted(pending: Pending<Message>, round: Round, timestamp: Timestamp): void {
    pending.failures = 0;
    const isOwn = sameBytes(operationDigestOf(timestamp), pending.plan.updateDigest);
    const result = isOwn ? pending.plan.resultOf(round.result(this.deployment.faults + 1), timestamp) : undefined;
    if (result === undefined) this.#advance(pending);
    else this.#complete(pending, result);
  }

  /** Some replicas know more than the history set showed; their answers have brought it up to date. */
  #onRefused(pending: Pending<Message>): void {
    pending.failures++;
    // What has changed may be the doing of joint candidates that nobody was asked about yet.
    pending.ties?.asked.clear();
    const leftOut = this.#passedOver(pending);
    const types = pending.caches.map((cache) => cache.classification(this.#thresholds, leftOut).type);
    // Others were faster and are done: the objects are ready for this operation now.
    if (types.every((type) => type === 'method')) return this.#advance(pending);
    const isInline = types.every((type) => type === 'method' || type === 'inlineMethod' || type === 'inlineBarrier');
    if (isInline && !pending.inlineRepaired) {
      pending.inlineRepaired = true;
      return this.#advance(pending);
    }
    this.#backOff(pending);
  }

  /**
   * A query is answered when a quorum has answered, the history set shows one version complete with nothing newer, and b+1 replicas
   * read the same off it. Whatever was complete before the query began stands in the histories of at least 2b+1 correct
   * replicas of that quorum, so nothing newer can have been missed; and of b+1 equal results one is a correct replica's.
   */
  #onQueryRound(pending: Pending<Message>, round: Round): void {
    const classification = pending.cache.classification(this.#thresholds, this.#passedOver(pending));
    if (classification.type !== 'method') return this.#onRefused(pending);
    const read = timestampOf(classification.conditionedOn);
    const answer = round.result(this.deployment.faults + 1, read);
    if (answer === undefined) return this.#onRefused(pending);
    const result = pending.plan.onRead(answer, read);
    if (result === undefined) this.#advance(pending);
    else this.#complete(pending, result);
  }

  /** The same for what was read off several objects: all of them complete, and b+1 replicas read the same off the same versions. */
  #onJointReading(pending: Pending<Message>, round: Round): void {
    const read = this.#completeOf(pending);
    const answer = read && round.result(this.deployment.faults + 1, read);
    if (read === undefined || answer === undefined) return this.#onRefused(pending);
    const result = pending.plan.onRead(answer, read);
    if (result === undefined) this.#advance(pending);
    else this.#complete(pending, result);
  }

  /** The timestamps of the versions that the operation can be conditioned on, one after the other, if all its objects are ready. */
  #completeOf(pending: Pending<Message>): Uint8Array | undefined {
    const leftOut = this.#passedOver(pending);
    const candidates: Candidate[] = [];
    for (const cache of pending.caches) {
      const classification = cache.classification(this.#thresholds, leftOut);
      if (classification.type !== 'method') return undefined;
      candidates.push(classification.conditionedOn);
    }
    return concatenated(candidates.map(timestampOf));
  }

  #advance(pending: Pending<Message>): void {
    if (pending.caches.length > 1) return this.#advanceJointly(pending);
    const snapshot = this.#snapshot(pending);
    if (this.#mustRead(pending, snapshot)) return this.#begin(pending, this.#readingOf(pending));
    if (!this.#countAttempt(pending)) return this.#beginConditioned(pending, snapshot);
    // Without the histories of those who are doubted from now on, another version may be the newest complete one.
    const without = this.#snapshot(pending);
    if (this.#mustRead(pending, without)) this.#begin(pending, this.#readingOf(pending));
    else this.#beginConditioned(pending, without);
  }

  /** For an operation over several objects. */
  #advanceJointly(pending: Pending<Message>): void {
    const complete = this.#completeOf(pending);
    if (this.#mustReadAll(pending, complete)) return this.#askForAll(pending, true);
    const without = this.#countAttempt(pending) ? this.#completeOf(pending) : complete;
    if (this.#mustReadAll(pending, without)) this.#askForAll(pending, true);
    else if (without === undefined) this.#repairJointly(pending);
    else this.#beginJoint(pending, pending.caches, true);
  }

  #mustReadAll({ plan }: Pending<Message>, complete: Uint8Array | undefined): boolean {
    return complete !== undefined && !plan.isReadyFor(complete);
  }

  #askForAll(pending: Pending<Message>, reads: boolean): void {
    this.#begin(pending, { type: 'jointHistoryQuery', caches: pending.caches, reads });
  }

  /**
   * Brings the operation's objects back to complete versions where a joint candidate is among what is unfinished: together with all objects that those
   * candidates are about (see joint/classification.ts).
   */
  #repairJointly(pending: Pending<Message>): void {
    const { bindings, asked } = this.#tiesOf(pending);
    const leftOut = this.#passedOver(pending);
    const isUnready = (cache: CachedHistorySet) => cache.classification(this.#thresholds, leftOut).type !== 'method';
    const { caches, isOpen } = closureOf(pending.caches.filter(isUnready), {
      bindings,
      thresholds: this.#thresholds,
      leftOut,
      cacheFor: (object) => this.#cacheFor(pending, object),
    });
    const isNew = ({ object }: CachedHistorySet) => !asked.has(object);
    // The histories of other objects than the operation's own may never have been asked for, or long ago.
    if (caches.some((cache) => isNew(cache) && (isOpen || !pending.caches.includes(cache)))) {
      for (const { object } of caches) asked.add(object);
      return this.#begin(pending, { type: 'jointHistoryQuery', caches, reads: false });
    }
    const [first, ...others] = caches;
    if (isOpen || first === undefined) {
      // Nobody who could say what a candidate is about has answered, or it is an invention.
      asked.clear();
      pending.failures++;
      return this.#backOff(pending);
    }
    if (others.length === 0) this.#repairAlone(pending, first, first.snapshot(this.#thresholds, leftOut));
    else this.#beginJoint(pending, caches, false);
  }

  #cacheFor(pending: Pending<Message>, object: string): CachedHistorySet {
    const { caches } = this.#tiesOf(pending);
    const known = caches.get(object) ?? pending.caches.find((own) => own.object === object) ?? this.#caches.for(object);
    caches.set(object, known);
    return known;
  }

  #tiesOf(pending: Pending<Message>): Ties {
    pending.ties ??= new Ties(this.context.authentication);
    return pending.ties;
  }

  /** Conditioned on the history sets of these objects: the operation, which is over just them, or a repair. */
  #beginJoint(pending: Pending<Message>, caches: readonly CachedHistorySet[], isOwn: boolean): void {
    const { authentication, self } = this.context;
    const { plan } = pending;
    const { bindings } = this.#tiesOf(pending);
    const leftOut = this.#passedOver(pending);
    const snapshots = caches.map((cache) => cache.snapshot(this.#thresholds, leftOut));
    const objects = caches.map(({ object }) => object);
    const members = snapshots.map(({ histories }, index) => ({ object: objects[index] ?? '', histories }));
    const classification = classifyGroup(members, bindings, this.#thresholds);
    const unsettled = snapshots.flatMap(({ histories }) => unsettledJoint(histories, this.#thresholds));
    const digest = isOwn ? plan.updateDigest : NO_OPERATION;
    const setup = setUpJoint(classification, self, objects, digest, snapshots, authentication);
    if (setup === undefined) throw new Error('a closed group was found open');
    if (isOwn) this.#noteComplete(pending, timeOf(setup.timestamp) - 1);
    else this.context.count(`${this.#name}.repair.joint.${classification.type}`);
    const body = {
      objects,
      timestamp: copyOf(setup.timestamp),
      historySets: snapshots.map(({ set }) => set),
      bindings: isOwn ? [] : bindings.explaining(unsettled),
      payload: isOwn ? plan.jointPayload : NO_PAYLOAD,
    };
    this.#begin(pending, { type: isOwn ? 'jointUpdate' : 'jointRepair', caches, body });
  }

  #snapshot(pending: Pending<Message>): HistorySetSnapshot {
    return pending.cache.snapshot(this.#thresholds, this.#passedOver(pending));
  }

  /** Whether the object is ready for the operation, but the operation not for the object's newest version. */
  #mustRead({ plan }: Pending<Message>, { classification }: HistorySetSnapshot): boolean {
    return classification.type === 'method' && !plan.isReadyFor(timestampOf(classification.conditionedOn));
  }

  #beginConditioned(pending: Pending<Message>, snapshot: HistorySetSnapshot): void {
    const { authentication, self } = this.context;
    const { set, digests, histories, classification } = snapshot;
    const { plan, cache } = pending;
    if (classification.type !== 'method') {
      if (unsettledJoint(histories, this.#thresholds).length > 0) return this.#repairJointly(pending);
      return this.#repairAlone(pending, cache, snapshot);
    }
    this.#noteComplete(pending, timeOf(classification.conditionedOn));
    const { timestamp } = setUp(classification, self, plan.updateDigest, (conditionedOn) =>
      historySetDigest(authentication, set, digests, conditionedOn),
    );
    this.#begin(pending, { type: plan.updateType, cache, timestamp: copyOf(timestamp), historySet: set });
  }

  #repairAlone(pending: Pending<Message>, cache: CachedHistorySet, snapshot: HistorySetSnapshot): void {
    const { authentication, self } = this.context;
    const { set, digests, classification } = snapshot;
    const { timestamp } = setUp(classification, self, NO_OPERATION, (conditionedOn) =>
      historySetDigest(authentication, set, digests, conditionedOn),
    );
    this.context.count(`${this.#name}.repair.${classification.type}`);
    this.#begin(pending, { type: 'repair', cache, timestamp: copyOf(timestamp), historySet: set });
  }

  #begin(pending: Pending<Message>, step: Step<Message>): void {
    if (step.type !== 'repair' && step.type !== 'jointRepair') this.context.count(this.#attempted[step.type]);
    this.#step = step;
    this.#send(pending, step);
  }

  #readingOf({ cache }: Pending<Message>): Step<Message> {
    return { type: 'query', cache };
  }

  /** Sends the current step to the preferred quorum or, after a time-out, to all replicas, in a round of its own. */
  #send(pending: Pending<Message>, step: Step<Message>): void {
    const { replicas, quorum, options } = this.deployment;
    const contacted = this.#timeouts === 0 ? this.#chooseQuorum(pending, cacheOf(step)) : this.#everyone;
    const round = new Round(++this.#roundNumber, contacted, quorum, replicas);
    this.#round = round;
    this.#roundBeganUs = this.context.now();
    this.#sender.send(step, pending.plan, round, this.#coverageOf(round));
    this.context.setTimer(ROUND_TIMER, options.probeUs * 2 ** Math.min(this.#timeouts, 6));
  }

  #chooseQuorum(pending: Pending<Message>, { placement, preferredQuorum }: CachedHistorySet): Quorum {
    const passedOver = this.#passedOver(pending);
    const { replicas, quorum, options } = this.deployment;
    if (passedOver === undefined && options.preferredQuorum) return preferredQuorum;
    const isPassedOver = (replica: ReplicaId) => passedOver !== undefined && includesReplica(passedOver, replica);
    const members = options.preferredQuorum
      ? chooseQuorum(placement, replicas, quorum, isPassedOver)
      : drawQuorum(replicas, quorum, isPassedOver, () => this.context.random());
    return makeQuorum(members, replicas);
  }

  /** For whom answers must have authenticator entries: those that are asked next, and who knows which are drawn then? */
  #coverageOf({ contacted }: Round): ReplicaSet {
    return this.deployment.options.preferredQuorum ? contacted.set : this.#everyone.set;
  }

  #onRoundTimeout(pending: Pending<Message>): void {
    const round = this.#round;
    const step = this.#step;
    if (round === undefined || step === undefined) return;
    // All but the faulty have answered, and among them are refusals: more waiting will not make a quorum accept.
    if (round.hasQuorum) return this.#endRound(pending, round, false);
    this.#timeouts++;
    this.context.count(Counter.retries);
    this.#send(pending, step);
  }

  /** Replicas that are asked last and whose histories are left out of the set. */
  #passedOver({ cache }: Pending<Message>): ReplicaSet | undefined {
    return this.#mistrust.passedOver(cache);
  }

  /** Whether it was one too many, and somebody is doubted from now on. */
  #countAttempt(pending: Pending<Message>): boolean {
    pending.attempts++;
    pending.attemptsInVain++;
    const { attempts, attemptsInVain } = pending;
    const isStuck = attemptsInVain >= PATIENT_ATTEMPTS && attemptsInVain % ATTEMPTS_A_DOUBT === 0;
    if (!isStuck && attempts % PATIENT_ATTEMPTS_UNDER_CONTENTION !== 0) return false;
    this.#mistrust.doubt(pending.caches);
    this.context.count(`${this.#name}.doubts`);
    return true;
  }

  #noteComplete(pending: Pending<Message>, time: number): void {
    if (time <= pending.completeTime) return;
    pending.completeTime = time;
    pending.attemptsInVain = 0;
  }

  #noteRoundLength(): void {
    if (this.#timeouts > 0) return;
    const lengthUs = this.context.now() - this.#roundBeganUs;
    this.#roundUs = this.#roundUs === 0 ? lengthUs : this.#roundUs + (lengthUs - this.#roundUs) / 8;
  }

  #backOff(pending: Pending<Message>): void {
    const bound = backoffBound(this.deployment.options, pending.failures, this.#roundUs);
    if (bound === 0) return this.#advance(pending);
    this.context.cancelTimer(ROUND_TIMER);
    this.context.count(Counter.backoffs);
    this.context.setTimer(BACKOFF_TIMER, this.context.random() * bound);
  }

  #complete({ caches }: Pending<Message>, result: Uint8Array): void {
    this.#pending = undefined;
    if (!this.#keepsHistorySets) for (const cache of caches) cache.forget();
    this.context.cancelTimer(ROUND_TIMER);
    this.context.complete(result);
  }

  protected ignore(reason: string): void {
    this.context.count(ignored(reason));
  }
}
