import { Counter } from '../../src/kernel/counters.ts';
import { isClient, isReplica, type ParticipantId } from '../../src/kernel/identifiers.ts';
import { chunkedCopyOf } from '../../src/wire/chunked-bytes.ts';
import { agreementInput, digestedRequestInput, digestInput, requestInput } from './authenticator.ts';
import {
  type Batch,
  type BatchShape,
  composeBatch,
  isComplete,
  type PendingRequest,
  parseBatch,
  parseWholeBatch,
  release,
  supply,
} from './batch.ts';
import { commitsNeededFromOthers, committed, prepared, preparesNeededFromOthers, votesFor } from './certificates.ts';
import type { Checkpointing } from './checkpointing.ts';
import type { ClientRecord } from './client-table.ts';
import { equalBytes } from './digest.ts';
import { type IncompleteProposal, IncompleteProposals } from './incomplete.ts';
import type { Instance } from './log.ts';
import type { BatchBody, PrePrepare, Vote } from './message.ts';
import type { Queries } from './queries.ts';
import { BATCH, type ReplicaState } from './state.ts';

/** The normal case: three phases, execution in sequence, replies (§4.2). */
export class Agreement {
  readonly #state: ReplicaState;
  readonly #checkpointing: Checkpointing;
  readonly #queries: Queries;
  readonly #shape: BatchShape;
  readonly #incomplete = new IncompleteProposals();
  #asked = 0;
  /** Since when requests wait for the next batch, where it is held back. */
  #batchSinceUs: number | undefined;
  #batchTimerSet = false;
  /** Q entries remembered for one sequence number; more than faulty primaries can leave behind (Castro's thesis, §3.2.4). */
  readonly #mostPrePrepared: number;
  /** Requests carried out of the batch that was executed last. */
  #carriedOut = 0;
  readonly #answer = (record: ClientRecord): void => {
    this.#carriedOut++;
    this.reply(record, false);
  };
  /** A request is awaited until it has committed: executed tentatively, it may be undone. */
  readonly #settle = (record: ClientRecord): void => {
    const { pending } = record;
    if (pending === undefined || record.queued || pending.decoded.number > record.executed) return;
    record.pending = undefined;
    this.#state.waiting.delete(record.client);
  };
  readonly #settleAndAnswer = (record: ClientRecord): void => {
    this.#settle(record);
    this.#answer(record);
  };

  constructor(state: ReplicaState, checkpointing: Checkpointing, queries: Queries) {
    this.#state = state;
    this.#checkpointing = checkpointing;
    this.#queries = queries;
    this.#shape = { authenticatorBytes: state.authenticator.bytes, batchLimit: state.options.batchLimit };
    this.#mostPrePrepared = state.faults + 2;
  }

  /** Executes what comes next, and proposes what waits. To be called after anything that may allow either. */
  advance(): void {
    this.#executeCommitted();
    this.#queries.answerHeld();
    this.#executePrepared();
    this.#propose();
  }

  /** Primary: orders waiting requests as far as the window and the log have room. */
  #propose(): void {
    const { queue, log, options } = this.#state;
    if (queue.size === 0 || !this.#state.isPrimary || !this.#state.active) return;
    while (queue.size > 0 && this.#hasRoom() && log.holds(this.#state.proposed + 1)) {
      if (!this.#isDue()) return;
      this.#batchSinceUs = undefined;
      const requests = queue.take(options.batchLimit, options.batchBytes);
      if (requests.length === 0) break;
      this.#prePrepare(composeBatch(this.#state.context.authentication, requests));
    }
  }

  /** Batches form while requests wait for the window (§6.4 of Castro's thesis). One that is full gains nothing by waiting. */
  #hasRoom(): boolean {
    const { queue, options, execution, proposed } = this.#state;
    const outstanding = proposed - execution.executed;
    return (
      outstanding <
      (queue.size >= options.batchLimit ? options.window : Math.min(options.window, options.partialWindow))
    );
  }

  /** Whether the next batch is full, or was held back as long as it may. */
  #isDue(): boolean {
    const { queue, options, context } = this.#state;
    if (options.batchDelayUs === 0 || queue.size >= options.batchLimit) return true;
    const now = context.now();
    this.#batchSinceUs ??= now;
    const leftUs = this.#batchSinceUs + options.batchDelayUs - now;
    if (leftUs <= 0) return true;
    if (!this.#batchTimerSet) context.setTimer(BATCH, Math.ceil(leftUs));
    this.#batchTimerSet = true;
    return false;
  }

  onBatchTimeout(): void {
    this.#batchTimerSet = false;
    this.advance();
  }

  #prePrepare(batch: Batch): void {
    const { view, log, authenticator } = this.#state;
    const sequence = ++this.#state.proposed;
    const tags = authenticator.make(agreementInput('prePrepare', view, sequence, batch.digest));
    const message: PrePrepare = { type: 'prePrepare', view, sequence, batch: batch.bytes, authenticator: tags };
    const instance = log.open(sequence);
    instance.accept(view, batch, this.#mostPrePrepared);
    instance.sentPrePrepare = message;
    this.#state.multicast(message);
    this.#state.keepTicking();
    this.#tryCommit(instance);
  }

  onPrePrepare(from: ParticipantId, message: PrePrepare): void {
    const { context, log, authenticator, view } = this.#state;
    if (!this.#isCurrent(message)) return;
    if (from !== this.#state.primary || this.#state.isPrimary) return this.#state.ignore('unexpected');
    // Also where the chosen batch is still to be fetched: voting for another now and for that later would be two votes in one view.
    const { sequence } = message;
    const isTaken = log.find(sequence)?.digest !== undefined || this.#incomplete.has(sequence, view);
    if (sequence <= this.#state.chosenUpTo || isTaken) return this.#state.ignore('duplicate');
    const batch = parseBatch(context.authentication, chunkedCopyOf(message.batch), this.#shape);
    if (batch === undefined) return this.#state.ignore('malformed');
    const input = agreementInput('prePrepare', view, sequence, batch.digest);
    if (!authenticator.verify(from, input, message.authenticator)) return this.#state.ignore('authentication');
    this.#supplyAtHand(batch);
    if (!this.#authentic(batch)) return this.#state.ignore('authentication');
    const instance = log.open(sequence);
    if (isComplete(batch)) return this.acceptProposal(instance, batch);
    context.count('pbft.incomplete');
    this.#incomplete.discard(view, this.#state.execution.executed);
    this.#incomplete.add({ view, sequence, batch });
    this.#state.keepTicking();
  }

  /** Bodies that came from their clients before the proposal that refers to them. */
  #supplyAtHand(batch: Batch): void {
    for (const reference of batch.references) {
      const body = this.#state.clients.find(reference.client)?.bodyOf(reference.digest);
      if (body !== undefined) supply(batch, reference, body.decoded, body.request);
    }
  }

  /** A large request came from its client: a proposal may have waited for it. */
  supply(pending: PendingRequest): void {
    for (const proposal of this.#incomplete.completedBy(pending)) this.#acceptCompleted(proposal, proposal.batch);
  }

  /** Asks another replica, a different one each time, for the proposals that still lack a body. To be called where nothing moves. */
  fetchBodies(): void {
    if (this.#incomplete.size === 0) return;
    const { others, authenticator, context, view, execution } = this.#state;
    this.#incomplete.discard(view, execution.executed);
    const peer = others[this.#asked++ % others.length];
    if (peer === undefined) return;
    for (const digest of this.#incomplete.digests()) {
      const tags = authenticator.make(digestInput('fetchBatch', digest));
      context.send(peer, { type: 'fetchBatch', digest, authenticator: tags });
    }
  }

  /** Whether this batch was one that a proposal waited for. */
  onBatchBody(message: BatchBody): boolean {
    if (this.#incomplete.size === 0) return false;
    const batch = this.parseBody(message);
    const proposal = batch === undefined ? undefined : this.#incomplete.take(batch.digest);
    if (batch === undefined || proposal === undefined) return false;
    this.#state.context.count('pbft.fetchedBodies');
    this.#acceptCompleted(proposal, batch);
    return true;
  }

  parseBody({ batch, bodies }: BatchBody): Batch | undefined {
    const copies = bodies.map((body) => new Uint8Array(body));
    return parseWholeBatch(this.#state.context.authentication, new Uint8Array(batch), copies, this.#shape);
  }

  /** What was authenticated when it was proposed is complete; unless the view has ended, or the log has moved past it. */
  #acceptCompleted({ view, sequence }: IncompleteProposal, batch: Batch): void {
    const { log, active } = this.#state;
    if (view !== this.#state.view || !active || !log.holds(sequence)) return;
    this.acceptProposal(log.open(sequence), batch);
  }

  /** Whether every request in the batch is its client's. */
  #authentic(batch: Batch): boolean {
    const { context, authenticator } = this.#state;
    const { references } = batch;
    let offset = batch.authenticatorsAt;
    let reference = 0;
    for (let i = 0; i < batch.requests.length; i++, offset += authenticator.bytes) {
      const client = batch.requests[i]?.client;
      const encoded = batch.encoded[i];
      if (client === undefined || encoded === undefined || !isClient(client)) return false;
      let input: Uint8Array;
      const referred = references[reference];
      if (referred?.index === i) {
        reference++;
        // A body at hand was authenticated when it came; of another the digest is.
        if (referred.body !== undefined) continue;
        input = digestedRequestInput(referred.digest);
      } else {
        input = requestInput(context.authentication, encoded);
      }
      if (!authenticator.verify(client, input, batch.bytes, offset)) return false;
    }
    return true;
  }

  /** The primary's proposal stands: a backup sends its PREPARE, the primary of a new view has said its part in NEW-VIEW. */
  acceptProposal(instance: Instance, batch: Batch): void {
    const { view, self, authenticator } = this.#state;
    const { sequence } = instance;
    instance.accept(view, batch, this.#mostPrePrepared);
    if (!this.#state.isPrimary) {
      const { digest } = batch;
      const tags = authenticator.make(agreementInput('prepare', view, sequence, digest));
      instance.sentPrepare = { type: 'prepare', view, sequence, digest, authenticator: tags };
      instance.prepares[self] = digest;
      this.#state.multicast(instance.sentPrepare);
    }
    this.#state.keepTicking();
    this.#tryPrepare(instance);
  }

  onPrepare(from: ParticipantId, message: Vote): void {
    const { faults, isPrimary } = this.#state;
    if (!this.#isCurrent(message)) return;
    if (!isReplica(from, this.#state.replicas) || from === this.#state.primary) return this.#state.ignore('unexpected');
    const instance = this.#state.log.open(message.sequence);
    const needed = preparesNeededFromOthers(isPrimary, faults);
    if (!this.#acceptVote(from, message, instance, needed)) return;
    this.#tryPrepare(instance);
  }

  onCommit(from: ParticipantId, message: Vote): void {
    const { faults } = this.#state;
    if (!this.#isCurrent(message)) return;
    if (!isReplica(from, this.#state.replicas)) return this.#state.ignore('unexpected');
    const instance = this.#state.log.open(message.sequence);
    const needed = commitsNeededFromOthers(faults);
    if (!this.#acceptVote(from, message, instance, needed)) return;
    this.#tryCommit(instance);
  }

  /** Takes a vote that is still needed; one that is not costs no MAC. */
  #acceptVote(from: ParticipantId, message: Vote, instance: Instance, needed: number): boolean {
    const { type, view, sequence } = message;
    const votes = type === 'prepare' ? instance.prepares : instance.commits;
    // Votes for the batch at hand share its digest's array, so that counting them compares no bytes.
    const own = instance.digest;
    const shared = own !== undefined && equalBytes(own, message.digest) ? own : undefined;
    const digest = shared ?? message.digest;
    if (votes[from] !== undefined || votesFor(votes, digest, this.#state.self) >= needed) {
      this.#state.ignore('unneeded');
      return false;
    }
    if (!this.#state.authenticator.verify(from, agreementInput(type, view, sequence, digest), message.authenticator)) {
      this.#state.ignore('authentication');
      return false;
    }
    votes[from] = shared ?? new Uint8Array(digest);
    this.#state.keepTicking();
    return true;
  }

  #tryPrepare(instance: Instance): void {
    const { view, faults, self, authenticator } = this.#state;
    const { digest, sequence } = instance;
    if (instance.prepared || digest === undefined || !prepared(instance, faults)) return;
    instance.prepared = true;
    instance.lastPrepared = { view, digest };
    const tags = authenticator.make(agreementInput('commit', view, sequence, digest));
    instance.sentCommit = { type: 'commit', view, sequence, digest, authenticator: tags };
    instance.commits[self] = digest;
    this.#state.multicast(instance.sentCommit);
    this.#tryCommit(instance);
    this.#executePrepared();
  }

  #tryCommit(instance: Instance): void {
    if (instance.committed || !instance.prepared || !committed(instance, this.#state.faults)) return;
    instance.committed = true;
    this.advance();
  }

  #executeCommitted(): void {
    const { execution, log, context } = this.#state;
    for (;;) {
      const instance = log.find(execution.executed + 1);
      if (instance?.batch === undefined || !instance.committed) return;
      if (execution.isTentative) execution.keep(this.#settle);
      else {
        this.#carriedOut = 0;
        execution.execute(instance.batch, this.#settleAndAnswer);
      }
      this.#state.progress++;
      this.#state.viewChanges = 0;
      if (instance.batch.requests.length > 0) context.count('pbft.batches');
      release(instance.batch);
      if (this.#carriedOut > 0) {
        context.count(Counter.handled, this.#carriedOut);
        context.count('pbft.requests', this.#carriedOut);
      }
      this.#checkpointing.executed();
      this.#queries.answerHeld();
    }
  }

  /**
   * Tentative execution [OSDI §5.1]: a batch that is prepared, and whose predecessors have all committed, is executed before it commits. A
   * client believes 2f+1 such answers of one view: f+1 of them come from correct replicas, of which every new view hears at least
   * one, so that it chooses this batch for this sequence number again. Outside a view nothing is executed so: the answer would name
   * a view in which the batch was not prepared.
   */
  #executePrepared(): void {
    const { execution, log, options, active } = this.#state;
    if (!options.tentative || !active || execution.isTentative) return;
    const instance = log.find(execution.executed + 1);
    if (instance?.batch === undefined || !instance.prepared) return;
    this.#carriedOut = 0;
    execution.executeTentatively(instance.batch, this.#answer);
  }

  /** Answers a client's last request. `whole`: with the result even where another replica is designated to send it. */
  reply(record: ClientRecord, whole: boolean): void {
    const { client, executed: number, result, tentative } = record;
    this.#state.reply({ client, number, tentative, result, whole });
  }

  #isCurrent({ view, sequence }: PrePrepare | Vote): boolean {
    const { log, active } = this.#state;
    if (view === this.#state.view && active && log.holds(sequence)) return true;
    if (view !== this.#state.view || !active) this.#state.ignore('view');
    else this.#state.ignore(sequence <= log.low ? 'old' : 'watermark');
    return false;
  }
}
