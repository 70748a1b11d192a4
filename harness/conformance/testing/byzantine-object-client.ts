import { isReplica, type ParticipantId, type ReplicaId } from '../../../src/kernel/identifiers.ts';
import type { Client, ClientContext, TimerId } from '../../../src/kernel/participant.ts';
import type { Deployment } from '../../../src/kernel/protocol.ts';
import type { Microseconds } from '../../../src/kernel/time.ts';
import { conditionedRequestBytes, queryBytes } from '../../../src/qu/authenticated-bytes.ts';
import { CachedHistorySet } from '../../../src/qu/cached-history-set.ts';
import { classify, type Thresholds, thresholdsOf } from '../../../src/qu/classification.ts';
import {
  type DigestedHistory,
  historySetDigest,
  type ObjectHistorySet,
  UNKNOWN,
  weigh,
} from '../../../src/qu/history-set.ts';
import type { RepairRequest, Reply } from '../../../src/qu/message.ts';
import type { OperationPlan } from '../../../src/qu/operation-plan.ts';
import type { ObjectOptions } from '../../../src/qu/options.ts';
import {
  historyWith,
  INITIAL_HISTORY,
  makeCandidate,
  newestCandidate,
  timestampOf,
} from '../../../src/qu/replica-history.ts';
import { replicaSet } from '../../../src/qu/replica-set.ts';
import { setUp } from '../../../src/qu/setup.ts';
import { isReply } from '../../../src/qu/testing/replies.ts';
import {
  CandidateKind,
  INITIAL_TIMESTAMP,
  makeTimestamp,
  NO_OPERATION,
  operationDigestOf,
  type Timestamp,
  timeOf,
} from '../../../src/qu/timestamp.ts';
import { copyOf } from '../../../src/wire/bytes.ts';
import type { RandomStream } from '../../node/random.ts';

const ACT_TIMER: TimerId = 0;
/** Answers of each replica that it keeps, to make history sets of old ones and new. */
const KEPT_ANSWERS = 6;
const KEPT_MESSAGES = 64;

/** What it has done to a message; a message may have suffered several. */
export type Trick = 'differentRequest' | 'spoiltEntries' | 'blanked' | 'outdated' | 'repairOfSameSet' | 'partOfQuorum';

interface ByzantinePlan<Message> {
  readonly object: string;
  readonly dialect: Dialect<Message>;
  /** Times that it acts; then it is silent, so that the others can show that nothing is stuck. */
  readonly acts: number;
  readonly meanPauseUs: Microseconds;
  readonly random: RandomStream;
}

interface Answer {
  readonly history: DigestedHistory;
  readonly authenticator: Uint8Array;
}

/** How requests of a protocol are put. */
export interface Dialect<Message> {
  /** A request for a replica's newest version and its history. */
  readonly look: Pick<OperationPlan<Message>, 'readDigest' | 'readRequest'>;
  /** One of OPERATIONS different updates under a request number; only the first, number 0, makes a counter count. */
  update(
    requestNumber: number,
    operation: number,
    conditionedOn: Timestamp,
  ): Pick<OperationPlan<Message>, 'updateDigest' | 'updateRequest'>;
  /** Is shown every answer. */
  see(reply: Reply): void;
}

const OPERATIONS = 3;

/**
 * A client with keys of its own that follows the protocol as far as it takes to have its requests accepted, and otherwise does as it
 * pleases: from one history set it sends different replicas different operations, entries of which it has spoilt some, so that a replica sees
 * another classification than its neighbour, histories left out or out of date, to a few replicas only; and it repeats what it sent before.
 */
export class ByzantineObjectClient<Message extends { readonly type: string }> implements Client<Message> {
  readonly tricksAccepted = new Set<Trick>();
  /** For each request number that an increment was sent under, when that was first. */
  readonly incrementsSentUs = new Map<number, Microseconds>();
  readonly #deployment: Deployment<ObjectOptions>;
  readonly #context: ClientContext<Message | RepairRequest>;
  readonly #plan: ByzantinePlan<Message>;
  readonly #thresholds: Thresholds;
  readonly #everyone: readonly ReplicaId[];
  readonly #answers: Answer[][];
  readonly #sent: { readonly to: ReplicaId; readonly message: Message | RepairRequest }[] = [];
  readonly #tricksOf = new Map<number, readonly Trick[]>();
  #actsLeft: number;
  #roundNumber = 0;
  #requestNumber = 0;

  constructor(
    deployment: Deployment<ObjectOptions>,
    context: ClientContext<Message | RepairRequest>,
    plan: ByzantinePlan<Message>,
  ) {
    const { replicas } = deployment;
    this.#deployment = deployment;
    this.#context = context;
    this.#plan = plan;
    this.#actsLeft = plan.acts;
    this.#thresholds = thresholdsOf(deployment);
    this.#everyone = Array.from({ length: replicas }, (_, replica) => replica);
    this.#answers = this.#everyone.map(() => []);
  }

  /** Whether it has done all that it will. */
  get isSilent(): boolean {
    return this.#actsLeft <= 0;
  }

  start(): void {
    this.#pause();
  }

  invoke(): void {
    throw new Error('it does what it wants, not what it is asked');
  }

  receive(from: ParticipantId, message: Message): void {
    if (!isReply(message) || !isReplica(from, this.#deployment.replicas)) return;
    if (message.accepted) for (const trick of this.#tricksOf.get(message.number) ?? []) this.tricksAccepted.add(trick);
    this.#plan.dialect.see(message);
    this.#keep(from, message);
  }

  expire(): void {
    this.#actsLeft--;
    if (this.#chance(0.15)) this.#repeat();
    else if (this.#chance(0.2)) this.#look();
    else this.#attack();
    if (this.#actsLeft > 0) this.#pause();
  }

  #pause(): void {
    this.#context.setTimer(ACT_TIMER, 2 * this.#plan.random() * this.#plan.meanPauseUs);
  }

  #keep(from: ReplicaId, { history, authenticator }: Reply): void {
    const kept = this.#answers[from];
    if (kept === undefined) return;
    const digested = this.#newCache().digested(history, kept[0]?.history);
    kept.unshift({ history: digested, authenticator: copyOf(authenticator) });
    kept.length = Math.min(kept.length, KEPT_ANSWERS);
  }

  /** Fetches all replicas' histories, with authenticators for all. */
  #look(): void {
    const { authentication } = this.#context;
    const number = ++this.#roundNumber;
    const { look } = this.#plan.dialect;
    const coverage = replicaSet(this.#everyone, this.#deployment.replicas);
    for (const replica of this.#everyone) {
      const tag = new Uint8Array(authentication.tagBytes);
      authentication.generate(replica, queryBytes(number, look.readDigest, coverage), tag, 0);
      this.#context.send(replica, look.readRequest(number, coverage, tag));
    }
  }

  #repeat(): void {
    for (let count = 0; count < 4; count++) {
      const past = this.#sent[this.#below(this.#sent.length)];
      // To another receiver than before the tag is wrong, which is for that one to see.
      if (past !== undefined) this.#context.send(this.#chance(0.9) ? past.to : this.#someReplica(), past.message);
    }
  }

  #attack(): void {
    const common: Trick[] = [];
    const cache = this.#arrangeHistories(common);
    const number = this.#chance(0.8) ? ++this.#requestNumber : 1 + this.#below(this.#requestNumber);
    const receivers = this.#everyone.filter(() => this.#chance(0.8));
    if (receivers.length < this.#deployment.quorum) common.push('partOfQuorum');
    const mostOperations = this.#chance(0.5) ? 1 : OPERATIONS;
    const spoils = this.#chance(0.5);
    const messages = receivers.map((to) => {
      const tricks = [...common];
      const operation = this.#below(mostOperations);
      if (operation > 0) tricks.push('differentRequest');
      return { to, tricks, ...this.#requestFor(to, cache, number, operation, spoils, tricks) };
    });
    const types = new Set(messages.map(({ type }) => type));
    for (const { to, tricks, number: roundNumber, message } of messages) {
      if (types.size > 1) tricks.push('repairOfSameSet');
      this.#tricksOf.set(roundNumber, tricks);
      this.#send(to, message);
    }
  }

  /**
   * A history set of what replicas have shown: mostly the newest, sometimes something older, sometimes nothing; and sometimes one replica's history
   * as that of all, or one that nobody has, which the entries must give away.
   */
  #arrangeHistories(tricks: Trick[]): CachedHistorySet {
    const cache = this.#newCache();
    const invented = this.#chance(0.05) ? this.#inventAnswer(cache) : undefined;
    const shownBy = this.#chance(0.15) ? this.#someReplica() : undefined;
    const blanking = this.#chance(0.4) ? 0.25 : 0;
    const ageing = this.#chance(0.3) ? 0.5 : 0;
    for (const replica of this.#everyone) {
      if (this.#chance(blanking)) {
        tricks.push('blanked');
        continue;
      }
      const answer = invented ?? this.#someAnswer(shownBy ?? replica, ageing, tricks);
      if (answer !== undefined) cache.update(replica, answer.history, answer.authenticator);
    }
    return cache;
  }

  #someAnswer(replica: ReplicaId, ageing: number, tricks: Trick[]): Answer | undefined {
    const kept = this.#answers[replica] ?? [];
    const index = this.#chance(ageing) ? this.#below(kept.length) : 0;
    if (index > 0) tricks.push('outdated');
    return kept[index];
  }

  /** Nothing but a barrier since the beginning, newer than all: whoever believed that it is complete would copy the initial version past it. */
  #inventAnswer(cache: CachedHistorySet): Answer {
    const { authentication, self } = this.#context;
    const { replicas } = this.#deployment;
    const times = this.#answers.map(([newest]) =>
      newest === undefined ? 0 : timeOf(newestCandidate(newest.history.history)),
    );
    const timestamp = makeTimestamp({
      time: Math.max(...times) + 1,
      kind: CandidateKind.barrier,
      client: self,
      operationDigest: NO_OPERATION,
      historySetDigest: NO_OPERATION,
    });
    const history = historyWith(INITIAL_HISTORY, makeCandidate(timestamp, INITIAL_TIMESTAMP));
    return {
      history: cache.digested(history, undefined),
      authenticator: new Uint8Array(replicas * authentication.tagBytes),
    };
  }

  /** What the receiver will accept if its own history is what the set says: type and timestamp as it will derive them. */
  #requestFor(
    to: ReplicaId,
    cache: CachedHistorySet,
    requestNumber: number,
    operation: number,
    spoils: boolean,
    tricks: Trick[],
  ): { readonly type: 'update' | 'repair'; readonly number: number; readonly message: Message | RepairRequest } {
    const { authentication, self } = this.#context;
    const { replicas } = this.#deployment;
    const { set, digests } = cache.snapshot(this.#thresholds);
    const entries = copyOf(cache.entriesFor(to));
    const weights = this.#spoil(to, set, entries, spoils ? 0.3 : 0, tricks);
    const classification = classify(weigh(set.histories, weights, replicas), this.#thresholds);
    const conditionedOn = classification.type === 'method' ? timestampOf(classification.conditionedOn) : undefined;
    const updateOf = (which: number) => conditionedOn && this.#plan.dialect.update(requestNumber, which, conditionedOn);
    const update = updateOf(operation);
    const digest = update?.updateDigest ?? NO_OPERATION;
    const { timestamp: derived } = setUp(classification, self, digest, (conditionedOn) =>
      historySetDigest(authentication, set, digests, conditionedOn),
    );
    const timestamp = copyOf(derived);
    if (update !== undefined && operation === 0) this.#noteIncrement(requestNumber);
    // The timestamp of another operation: it would stand for two versions if a replica went along.
    if (operation > 0 && update !== undefined && this.#chance(0.3)) {
      operationDigestOf(timestamp).set(updateOf(0)?.updateDigest ?? NO_OPERATION);
    }
    const coverage = replicaSet(this.#everyone, replicas);
    const body = { number: ++this.#roundNumber, timestamp, historySet: set, coverage };
    const type = update === undefined ? 'repair' : 'update';
    const tag = new Uint8Array(authentication.tagBytes);
    authentication.generate(to, conditionedRequestBytes(type, body.number, timestamp, coverage), tag, 0);
    const message: Message | RepairRequest =
      update === undefined
        ? { type: 'repair', body: { ...body, object: this.#plan.object }, entries, tag }
        : update.updateRequest(body)(entries, tag);
    return { type, number: body.number, message };
  }

  /** Spoils some of the entries; the weights of the set's histories as the receiver will then count them. */
  #spoil(to: ReplicaId, set: ObjectHistorySet, entries: Uint8Array, probability: number, tricks: Trick[]): number[] {
    const { tagBytes } = this.#context.authentication;
    const weights = new Array<number>(set.histories.length).fill(0);
    for (const replica of this.#everyone) {
      const index = set.indexes[replica] ?? UNKNOWN;
      if (index === UNKNOWN) continue;
      if (replica !== to && this.#chance(probability)) {
        entries[replica * tagBytes] = (entries[replica * tagBytes] ?? 0) ^ 1;
        tricks.push('spoiltEntries');
      } else {
        weights[index] = (weights[index] ?? 0) + 1;
      }
    }
    return weights;
  }

  #noteIncrement(requestNumber: number): void {
    if (!this.incrementsSentUs.has(requestNumber)) this.incrementsSentUs.set(requestNumber, this.#context.now());
  }

  #send(to: ReplicaId, message: Message | RepairRequest): void {
    this.#sent[this.#below(KEPT_MESSAGES)] = { to, message };
    this.#context.send(to, message);
  }

  #newCache(): CachedHistorySet {
    return new CachedHistorySet(this.#plan.object, this.#deployment, this.#context.authentication);
  }

  #someReplica(): ReplicaId {
    return this.#below(this.#deployment.replicas);
  }

  #below(bound: number): number {
    return Math.floor(this.#plan.random() * bound);
  }

  #chance(probability: number): boolean {
    return this.#plan.random() < probability;
  }
}
