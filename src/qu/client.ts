import { Counter, ignored } from '../kernel/counters.ts';
import { isReplica, type ParticipantId, type ReplicaId } from '../kernel/identifiers.ts';
import type { Operation } from '../kernel/operation.ts';
import type { Client, ClientContext, TimerId } from '../kernel/participant.ts';
import type { Deployment } from '../kernel/protocol.ts';
import type { Microseconds } from '../kernel/time.ts';
import { copyOf, sameBytes } from '../wire/bytes.ts';
import { conditionedRequestBytes, historyQueryBytes, queryBytes, replyBytes } from './authenticated-bytes.ts';
import { backoffBound } from './backoff.ts';
import { type CachedHistorySet, HistorySetCache, type HistorySetSnapshot } from './cached-history-set.ts';
import { type Thresholds, thresholdsOf } from './classification.ts';
import { type DigestedHistory, historySetDigest } from './history-set.ts';
import type { ConditionedBody, ConditionedType, EncodedHistorySet, RepairRequest, Reply } from './message.ts';
import type { HistoryRequester, OperationPlan } from './operation-plan.ts';
import type { ObjectOptions } from './options.ts';
import { chooseQuorum, drawQuorum } from './preferred-quorum.ts';
import { newestObjectCandidate, timestampOf } from './replica-history.ts';
import { includesReplica, makeQuorum, type Quorum, type ReplicaSet, replicaSet } from './replica-set.ts';
import { Round } from './round.ts';
import { setUp } from './setup.ts';
import { NO_OPERATION, operationDigestOf, type Timestamp, timeOf } from './timestamp.ts';

const ROUND_TIMER: TimerId = 0;
const BACKOFF_TIMER: TimerId = 1;
const NO_BASIS = new Uint8Array(0);

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
  readonly object: string;
  readonly cache: CachedHistorySet;
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

interface ConditionedStep {
  readonly type: ConditionedType;
  readonly timestamp: Timestamp;
  readonly historySet: EncodedHistorySet;
}

interface HistoryStep<Message> {
  readonly type: 'historyQuery';
  readonly request: HistoryRequester<Message>;
}

/** What the replicas are being asked to do, until a round of answers settles it. */
type Step<Message> = typeof READING | HistoryStep<Message> | ConditionedStep;

const READING = { type: 'query' } as const;

/**
 * A client [QU §3.3, Figure 3]: it orders operations by what replicas' histories show, and repairs what others left half done. How an
 * operation is carried out on an object that is ready for it is its plan's, in which Q/U and Read/Conditional-Write differ.
 */
export abstract class ObjectClient<Message> implements Client<Message> {
  protected readonly deployment: Deployment<ObjectOptions>;
  protected readonly context: ClientContext<Message | RepairRequest>;
  /** The prefix of its counters. */
  readonly #name: string;
  /** Counters of what was sent, by what the history set called for; a step that is sent again counts once. */
  readonly #attempted: Readonly<Record<Exclude<Step<Message>['type'], 'repair'>, string>>;
  readonly #keepsHistorySets: boolean;
  readonly #thresholds: Thresholds;
  readonly #caches: HistorySetCache;
  readonly #everyone: Quorum;
  readonly #suspectedUntil: Microseconds[];
  /** When the last suspicion ends; until then quorums are chosen around the suspected. */
  #suspicionEndsUs: Microseconds = 0;
  #requestNumber = 0;
  #roundNumber = 0;
  #roundBeganUs: Microseconds = 0;
  /** Smoothed, of rounds that did not time out; 0 before the first. */
  #roundUs: Microseconds = 0;
  #pending: Pending<Message> | undefined;
  #step: Step<Message> = READING;
  #round: Round | undefined;
  /** For the tag of a request, which is encoded as soon as it is sent. */
  readonly #tag: Uint8Array;
  #timeouts = 0;
  #recent: DigestedHistory | undefined;

  /** `keepsHistorySets`: whether what was shown of an object is kept until its next operation. */
  constructor(
    name: string,
    deployment: Deployment<ObjectOptions>,
    context: ClientContext<Message | RepairRequest>,
    keepsHistorySets = true,
  ) {
    const { replicas, options } = deployment;
    this.#name = name;
    this.#attempted = {
      query: `${name}.attempt.query`,
      historyQuery: `${name}.attempt.historyQuery`,
      conditionedQuery: `${name}.attempt.conditionedQuery`,
      update: `${name}.attempt.method`,
    };
    this.#keepsHistorySets = keepsHistorySets;
    this.deployment = deployment;
    this.context = context;
    this.#thresholds = thresholdsOf(deployment);
    this.#caches = new HistorySetCache(options.cachedObjects, deployment, context.authentication);
    this.#tag = new Uint8Array(context.authentication.tagBytes);
    const all = Array.from({ length: replicas }, (_, replica) => replica);
    this.#everyone = makeQuorum(all, replicas);
    this.#suspectedUntil = new Array<Microseconds>(replicas).fill(0);
  }

  start(): void {}

  invoke(operation: Operation): void {
    if (this.#pending !== undefined) throw new Error('a client carries out one operation at a time');
    // Equal histories of two objects, the initial ones first of all, have different digests.
    this.#recent = undefined;
    this.#pending = {
      plan: this.planFor(operation, ++this.#requestNumber),
      object: operation.object,
      cache: this.#caches.for(operation.object),
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
    if (readsFirst) this.#begin(pending, READING);
    else if (historyRequest !== undefined) this.#begin(pending, { type: 'historyQuery', request: historyRequest });
    else this.#advance(pending);
  }

  abstract receive(from: ParticipantId, message: Message): void;

  protected abstract planFor(operation: Operation, number: number): OperationPlan<Message>;

  protected receiveReply(from: ParticipantId, message: Reply): void {
    if (!isReplica(from, this.deployment.replicas)) return this.ignore('unexpected');
    const pending = this.#pending;
    const round = this.#round;
    if (pending === undefined || round === undefined || message.number !== round.number || round.hasAnswer(from)) {
      return this.ignore('late');
    }
    this.#onReply(from, message, pending, round);
  }

  expire(timer: TimerId): void {
    const pending = this.#pending;
    if (pending === undefined) return;
    if (timer === BACKOFF_TIMER) this.#advance(pending);
    else this.#onRoundTimeout(pending);
  }

  #onReply(from: ReplicaId, reply: Reply, pending: Pending<Message>, round: Round): void {
    const { authentication } = this.context;
    const history = pending.cache.digested(reply.history, this.#recent);
    const bytes = replyBytes(reply.number, reply.accepted, history.digest, reply.result);
    if (!authentication.verify(from, bytes, reply.tag, 0)) return this.ignore('authentication');
    if (reply.authenticator.length !== this.deployment.replicas * authentication.tagBytes)
      return this.ignore('malformed');
    this.#recent = history;
    this.#suspectedUntil[from] = 0;
    const newest = this.#step.type === 'query' ? newestObjectCandidate(history.history) : undefined;
    const state = round.record(
      { from, history, authenticator: reply.authenticator },
      reply.accepted,
      reply.result,
      newest === undefined ? NO_BASIS : timestampOf(newest),
    );
    if (state === 'open') return;
    this.#noteRoundLength();
    this.#endRound(pending, round, state === 'accepted');
  }

  #endRound(pending: Pending<Message>, round: Round, accepted: boolean): void {
    // Only now: until then the round may be sent again, and then exactly as it was.
    for (const { from, history, authenticator } of round.answers) pending.cache.update(from, history, authenticator);
    this.#suspectSilent(round);
    this.#round = undefined;
    this.#timeouts = 0;
    switch (this.#step.type) {
      case 'query':
        return this.#onQueryRound(pending, round);
      case 'historyQuery':
        return this.#advance(pending);
      default:
        return accepted ? this.#onAccepted(pending, round, this.#step.timestamp) : this.#onRefused(pending);
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
    const { type } = pending.cache.classification(this.#thresholds, this.#passedOver(pending));
    // Others were faster and are done: the object is ready for this operation now.
    if (type === 'method') return this.#advance(pending);
    const isInline = type === 'inlineMethod' || type === 'inlineBarrier';
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

  #advance(pending: Pending<Message>): void {
    const snapshot = this.#snapshot(pending);
    if (this.#mustRead(pending, snapshot)) return this.#begin(pending, READING);
    if (!this.#countAttempt(pending)) return this.#beginConditioned(pending, snapshot);
    // Without the histories of those who are doubted from now on, another version may be the newest complete one.
    const without = this.#snapshot(pending);
    if (this.#mustRead(pending, without)) this.#begin(pending, READING);
    else this.#beginConditioned(pending, without);
  }

  #snapshot(pending: Pending<Message>): HistorySetSnapshot {
    return pending.cache.snapshot(this.#thresholds, this.#passedOver(pending));
  }

  /** Whether the object is ready for the operation, but the operation not for the object's newest version. */
  #mustRead({ plan }: Pending<Message>, { classification }: HistorySetSnapshot): boolean {
    return classification.type === 'method' && !plan.isReadyFor(timestampOf(classification.conditionedOn));
  }

  #beginConditioned(pending: Pending<Message>, { set, digests, classification }: HistorySetSnapshot): void {
    const { authentication, self } = this.context;
    const { plan } = pending;
    const isMethod = classification.type === 'method';
    if (isMethod) this.#noteComplete(pending, timeOf(classification.conditionedOn));
    const digest = isMethod ? plan.updateDigest : NO_OPERATION;
    const { timestamp } = setUp(classification, self, digest, (conditionedOn) =>
      historySetDigest(authentication, set, digests, conditionedOn),
    );
    const type = isMethod ? plan.updateType : 'repair';
    if (!isMethod) this.context.count(`${this.#name}.repair.${classification.type}`);
    this.#begin(pending, { type, timestamp: copyOf(timestamp), historySet: set });
  }

  #begin(pending: Pending<Message>, step: Step<Message>): void {
    if (step.type !== 'repair') this.context.count(this.#attempted[step.type]);
    this.#step = step;
    this.#send(pending);
  }

  /** Sends the current step to the preferred quorum or, after a time-out, to all replicas, in a round of its own. */
  #send(pending: Pending<Message>): void {
    const { replicas, quorum, options } = this.deployment;
    const contacted = this.#timeouts === 0 ? this.#chooseQuorum(pending) : this.#everyone;
    const round = new Round(++this.#roundNumber, contacted, quorum, replicas);
    this.#round = round;
    this.#roundBeganUs = this.context.now();
    this.#sendStep(pending, this.#step, round);
    this.context.setTimer(ROUND_TIMER, options.probeUs * 2 ** Math.min(this.#timeouts, 6));
  }

  #sendStep(pending: Pending<Message>, step: Step<Message>, round: Round): void {
    if (step.type === 'query') this.#sendQuery(pending, round);
    else if (step.type === 'historyQuery') this.#sendHistoryQuery(pending, step, round);
    else this.#sendConditioned(pending, step, round);
  }

  #chooseQuorum(pending: Pending<Message>): Quorum {
    const passedOver = this.#passedOver(pending);
    const { replicas, quorum, options } = this.deployment;
    if (passedOver === undefined && options.preferredQuorum) return pending.cache.preferredQuorum;
    const isPassedOver = (replica: ReplicaId) => passedOver !== undefined && includesReplica(passedOver, replica);
    const members = options.preferredQuorum
      ? chooseQuorum(pending.object, replicas, quorum, isPassedOver)
      : drawQuorum(replicas, quorum, isPassedOver, () => this.context.random());
    return makeQuorum(members, replicas);
  }

  /** For whom answers must have authenticator entries: those that are asked next, and who knows which are drawn then? */
  #coverageOf({ contacted }: Round): ReplicaSet {
    return this.deployment.options.preferredQuorum ? contacted.set : this.#everyone.set;
  }

  #sendQuery({ plan }: Pending<Message>, round: Round): void {
    const { authentication } = this.context;
    const { number, contacted } = round;
    const coverage = this.#coverageOf(round);
    const authenticated = queryBytes(number, plan.readDigest, coverage);
    for (const replica of contacted.members) {
      authentication.generate(replica, authenticated, this.#tag, 0);
      this.context.send(replica, plan.readRequest(number, coverage, this.#tag));
    }
  }

  #sendHistoryQuery({ cache }: Pending<Message>, step: HistoryStep<Message>, round: Round): void {
    const { authentication } = this.context;
    const { number, contacted } = round;
    const coverage = this.#coverageOf(round);
    const authenticated = historyQueryBytes(number, cache.nameBytes, coverage);
    for (const replica of contacted.members) {
      authentication.generate(replica, authenticated, this.#tag, 0);
      this.context.send(replica, step.request(number, coverage, this.#tag));
    }
  }

  #sendConditioned(pending: Pending<Message>, step: ConditionedStep, round: Round): void {
    const { authentication } = this.context;
    const { timestamp, historySet } = step;
    const { number, contacted } = round;
    const coverage = this.#coverageOf(round);
    const requestWith = this.#requestOf(pending, step.type, { number, timestamp, historySet, coverage });
    const authenticated = conditionedRequestBytes(step.type, number, timestamp, coverage);
    const tag = this.#tag;
    for (const replica of contacted.members) {
      authentication.generate(replica, authenticated, tag, 0);
      this.context.send(replica, requestWith(pending.cache.entriesFor(replica), tag));
    }
  }

  #requestOf(
    pending: Pending<Message>,
    type: ConditionedStep['type'],
    common: ConditionedBody,
  ): (entries: Uint8Array, tag: Uint8Array) => Message | RepairRequest {
    if (type !== 'repair') return pending.plan.updateRequest(common);
    const body = { ...common, object: pending.object };
    return (entries, tag) => ({ type, body, entries, tag });
  }

  #onRoundTimeout(pending: Pending<Message>): void {
    const round = this.#round;
    if (round === undefined) return;
    // All but the faulty have answered, and among them are refusals: more waiting will not make a quorum accept.
    if (round.hasQuorum) return this.#endRound(pending, round, false);
    this.#timeouts++;
    this.context.count(Counter.retries);
    this.#send(pending);
  }

  /** Those that let a round time out and were silent in the next one too are passed over for a while. */
  #suspectSilent(round: Round): void {
    if (this.#timeouts === 0) return;
    const until = this.context.now() + this.deployment.options.suspicionUs;
    for (const replica of round.unanswered) {
      this.#suspectedUntil[replica] = until;
      this.#suspicionEndsUs = until;
    }
  }

  /**
   * Replicas that are asked last and whose histories are left out of the set: those that were silent, and for one object those that were
   * doubted. Undefined, most of the time, if there are none.
   */
  #passedOver(pending: Pending<Message>): ReplicaSet | undefined {
    const now = this.context.now();
    const doubted = pending.cache.doubtedAt(now);
    if (now >= this.#suspicionEndsUs) return doubted;
    const { replicas, faults } = this.deployment;
    const silent = this.#everyone.members.filter((replica) => (this.#suspectedUntil[replica] ?? 0) > now);
    if (doubted === undefined) return replicaSet(silent, replicas);
    const both = this.#everyone.members.filter(
      (replica) => includesReplica(doubted, replica) || silent.includes(replica),
    );
    // Without more than b histories no set shows a complete candidate.
    return both.length > faults ? doubted : replicaSet(both, replicas);
  }

  /** Whether it was one too many, and somebody is doubted from now on. */
  #countAttempt(pending: Pending<Message>): boolean {
    pending.attempts++;
    pending.attemptsInVain++;
    const { attempts, attemptsInVain } = pending;
    const isStuck = attemptsInVain >= PATIENT_ATTEMPTS && attemptsInVain % ATTEMPTS_A_DOUBT === 0;
    if (!isStuck && attempts % PATIENT_ATTEMPTS_UNDER_CONTENTION !== 0) return false;
    this.#doubt(pending);
    return true;
  }

  #noteComplete(pending: Pending<Message>, time: number): void {
    if (time <= pending.completeTime) return;
    pending.completeTime = time;
    pending.attemptsInVain = 0;
  }

  /**
   * Up to b liars can keep an operation from ending, with candidates that nobody else has or with authenticators that others find wrong.
   * Who they are can't be told for sure, so an operation that has taken many attempts goes on without b others each time: those
   * whose newest candidate too few share, if there are any. Whoever is wronged is passed over for a while, which is safe.
   */
  #doubt(pending: Pending<Message>): void {
    const { faults, options, replicas } = this.deployment;
    const unsupported = pending.cache.unsupported(faults);
    const candidates = [...(unsupported.length > 0 ? unsupported : this.#everyone.members)];
    const drawn: ReplicaId[] = [];
    while (drawn.length < faults && candidates.length > 0) {
      drawn.push(...candidates.splice(Math.floor(this.context.random() * candidates.length), 1));
    }
    pending.cache.doubt(replicaSet(drawn, replicas), this.context.now() + options.suspicionUs);
    this.context.count(`${this.#name}.doubts`);
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

  #complete({ cache }: Pending<Message>, result: Uint8Array): void {
    this.#pending = undefined;
    if (!this.#keepsHistorySets) cache.forget();
    this.context.cancelTimer(ROUND_TIMER);
    this.context.complete(result);
  }

  protected ignore(reason: string): void {
    this.context.count(ignored(reason));
  }
}
