import { isClient, isReplica, type ParticipantId } from '../../src/kernel/identifiers.ts';
import type { Replica, ReplicaContext, TimerId } from '../../src/kernel/participant.ts';
import type { Deployment } from '../../src/kernel/protocol.ts';
import { decodeRequest } from '../../src/wire/request.ts';
import { Agreement } from './agreement.ts';
import { requestInput } from './authenticator.ts';
import { type PendingRequest, pendingRequest } from './batch.ts';
import { Checkpointing } from './checkpointing.ts';
import type { ClientRecord } from './client-table.ts';
import type { Execution } from './execution.ts';
import type { Message, Request, SequenceNumber, View } from './message.ts';
import type { Options } from './options.ts';
import { Queries } from './queries.ts';
import { Recovery } from './recovery.ts';
import { Rejoining } from './rejoining.ts';
import { BATCH, ReplicaState } from './state.ts';
import { ViewChanger } from './view-changer.ts';

/** A client that asks so often for the same result lacks more than a lost message. */
const REPEATS_BEFORE_FOLLOWING = 3;

/** What a replica watches its view for: the execution of one request, or of one sequence number. */
interface Watch {
  readonly view: View;
  readonly record: ClientRecord | undefined;
  /** The request's number, or the sequence number. */
  readonly number: number;
  readonly sinceUs: number;
}

/** What brings a restarted replica the state and the view; for anything else it would have to vote. */
const HEARD_WHILE_REJOINING: ReadonlySet<Message['type']> = new Set([
  'checkpoint',
  'fetchState',
  'state',
  'viewChange',
  'viewChangeAck',
  'newView',
  'rejoin',
  'rejoinReport',
] as const);

/** A PBFT replica: hands each message to the part that it concerns, and watches over progress. */
export class PbftReplica implements Replica<Message> {
  readonly #state: ReplicaState;
  readonly #checkpointing: Checkpointing;
  readonly #queries: Queries;
  readonly #agreement: Agreement;
  readonly #viewChanger: ViewChanger;
  readonly #recovery: Recovery;
  readonly #rejoining: Rejoining;
  #watch: Watch | undefined;

  /** The replicated state is handed in, so that tests can plant mistakes in it. */
  constructor(deployment: Deployment<Options>, context: ReplicaContext<Message>, execution: Execution) {
    this.#state = new ReplicaState(deployment, context, execution);
    this.#checkpointing = new Checkpointing(this.#state);
    this.#queries = new Queries(this.#state);
    this.#agreement = new Agreement(this.#state, this.#checkpointing, this.#queries);
    this.#viewChanger = new ViewChanger(this.#state, this.#agreement, this.#checkpointing);
    this.#recovery = new Recovery(this.#state, this.#viewChanger, this.#checkpointing);
    this.#rejoining = new Rejoining(this.#state, this.#viewChanger, this.#checkpointing);
  }

  start(): void {
    this.#rejoining.start();
  }

  receive(from: ParticipantId, message: Message): void {
    if (!this.#state.rejoining) return this.#take(from, message);
    if (!HEARD_WHILE_REJOINING.has(message.type)) return this.#state.ignore('rejoining');
    this.#take(from, message);
    this.#rejoining.advance();
  }

  #take(from: ParticipantId, message: Message): void {
    switch (message.type) {
      case 'request':
        return this.#onRequest(from, message);
      case 'query':
        return this.#queries.onQuery(from, message);
      case 'prePrepare':
        return this.#agreement.onPrePrepare(from, message);
      case 'prepare':
        return this.#agreement.onPrepare(from, message);
      case 'commit':
        return this.#agreement.onCommit(from, message);
      case 'checkpoint':
        this.#checkpointing.onCheckpoint(from, message);
        return this.#agreement.advance();
      case 'viewChange':
        return this.#viewChanger.onViewChange(message);
      case 'viewChangeAck':
        return this.#viewChanger.onViewChangeAck(from, message);
      case 'newView':
        return this.#viewChanger.onNewView(message);
      case 'status':
        return this.#recovery.onStatus(from, message);
      case 'fetchState':
        return this.#checkpointing.onFetchState(from, message);
      case 'state':
        this.#checkpointing.onState(from, message);
        return this.#agreement.advance();
      case 'fetchBatch':
        return this.#viewChanger.onFetchBatch(from, message);
      case 'batchBody':
        return this.#agreement.onBatchBody(message) ? undefined : this.#viewChanger.onBatchBody(message);
      case 'rejoin':
        return this.#rejoining.onRejoin(from, message);
      case 'rejoinReport':
        return this.#rejoining.onReport(from, message);
      case 'reply':
        return this.#state.ignore('unexpected');
    }
  }

  expire(timer: TimerId): void {
    if (timer === BATCH) return this.#agreement.onBatchTimeout();
    this.#state.ticked();
    if (!this.#recovery.awaits) {
      this.#watch = undefined;
      return;
    }
    this.#state.keepTicking();
    this.#recovery.tick();
    this.#rejoining.tick();
    if (this.#state.rejoining) return;
    if (this.#recovery.isStalled) this.#agreement.fetchBodies();
    if (this.#viewChanger.hasTimedOut) this.#viewChanger.start(this.#state.view + 1);
    else if (this.#state.active) this.#watchProgress();
  }

  #onRequest(from: ParticipantId, message: Request): void {
    const { authenticator, clients, context } = this.#state;
    const { request } = message;
    const decoded = decodeRequest(request);
    if (decoded === undefined || decoded.number < 1 || message.authenticator.length !== authenticator.bytes) {
      return this.#state.ignore('malformed');
    }
    const { client, number } = decoded;
    const passedOn = isReplica(from, this.#state.replicas);
    if (!isClient(client) || (from !== client && !passedOn)) return this.#state.ignore('unexpected');
    const known = clients.find(client);
    const needless = known === undefined ? undefined : this.#whyNeedless(known, number, passedOn);
    if (needless !== undefined) return this.#state.ignore(needless);
    const input = requestInput(context.authentication, request);
    if (!authenticator.verify(client, input, message.authenticator)) return this.#state.ignore('authentication');
    if (known !== undefined && number === known.executed) {
      return this.#repeatReply(known);
    }
    const record = known ?? clients.open(client);
    const digest = request.length > this.#state.options.separateRequestBytes ? input.slice(1) : undefined;
    const pending = pendingRequest(decoded, message, digest);
    if (digest !== undefined) record.keepBody(pending);
    if (this.#leads) this.#queue(record, pending);
    else this.#await(record, pending, passedOn);
  }

  #repeatReply(record: ClientRecord): void {
    this.#state.context.count('pbft.repeatedReplies');
    this.#agreement.reply(record, true);
    if (!record.tentative && ++record.repeats >= REPEATS_BEFORE_FOLLOWING) this.#viewChanger.followStraggler();
  }

  /** Whether this replica orders requests now. */
  get #leads(): boolean {
    return this.#state.isPrimary && this.#state.active;
  }

  /** The reason to drop a request of a known client before its MAC is looked at. */
  #whyNeedless(record: ClientRecord, number: number, passedOn: boolean): string | undefined {
    if (number < record.executed || (passedOn && number === record.executed)) return 'old';
    return this.#leads && this.#isInHand(record, number) ? 'duplicate' : undefined;
  }

  /** Primary. */
  #queue(record: ClientRecord, pending: PendingRequest): void {
    this.#state.queue.push(record, pending);
    this.#agreement.advance();
    if (record.queued) this.#state.keepTicking();
  }

  /** Primary: whether this request, or a later one of the client, is queued or was proposed, but not yet executed. */
  #isInHand(record: ClientRecord, number: number): boolean {
    if (number === record.executed) return false;
    return number <= record.ordered || (record.pending !== undefined && number <= record.pending.decoded.number);
  }

  /**
   * Backup (§4.4): passes a client's request on to the primary and watches what becomes of it. A large one, which its client sends to all, is
   * passed on when it comes again.
   */
  #await(record: ClientRecord, pending: PendingRequest, passedOn: boolean): void {
    const isNew = record.pending === undefined || record.pending.decoded.number < pending.decoded.number;
    if (isNew) {
      record.pending = pending;
      this.#state.await(record);
    }
    this.#agreement.supply(pending);
    if (passedOn || !this.#state.active || (isNew && pending.digest !== undefined)) return;
    const { request, authenticator } = pending;
    this.#state.context.count('pbft.forwarded');
    this.#state.context.send(this.#state.primary, { type: 'request', request, authenticator });
  }

  /**
   * §4.4: while a backup waits for a request to be executed, its timer runs; when that one is executed, it starts anew for the next that
   * waits. A view that leaves one request waiting for the whole time is left. A primary, too, gives its view up when what it proposed is not
   * executed: its backups may have left already, too few of them for the others to follow.
   */
  #watchProgress(): void {
    const { context, view } = this.#state;
    const now = context.now();
    if (this.#checkpointing.isBehind) this.#watch = undefined;
    else if (this.#watch === undefined || !this.#isStillAwaited(this.#watch)) this.#watch = this.#nextToWatch(now);
    else if (now - this.#watch.sinceUs >= this.#viewChanger.patienceUs) {
      this.#watch = undefined;
      this.#viewChanger.start(view + 1);
    }
  }

  #isStillAwaited({ view, record, number }: Watch): boolean {
    if (view !== this.#state.view) return false;
    if (record !== undefined) return record.pending?.decoded.number === number;
    return this.#state.execution.executed < number;
  }

  #nextToWatch(sinceUs: number): Watch | undefined {
    const { view } = this.#state;
    for (const record of this.#state.waiting.values()) {
      if (record.pending !== undefined) return { view, record, number: record.pending.decoded.number, sinceUs };
    }
    const next: SequenceNumber = this.#state.execution.executed + 1;
    if (this.#state.log.find(next)?.digest === undefined) return undefined;
    return { view, record: undefined, number: next, sinceUs };
  }
}
