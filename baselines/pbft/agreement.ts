import { Counter } from '../../src/kernel/counters.ts';
import { isClient, isReplica, type ParticipantId } from '../../src/kernel/identifiers.ts';
import { agreementInput, replyInput, requestInput, WHOLE_RESULT_BYTES } from './authenticator.ts';
import { type Batch, composeBatch, parseBatch, release } from './batch.ts';
import { commitsNeededFromOthers, committed, prepared, preparesNeededFromOthers, votesFor } from './certificates.ts';
import type { Checkpointing } from './checkpointing.ts';
import type { ClientRecord } from './client-table.ts';
import type { Instance } from './log.ts';
import type { PrePrepare, Vote } from './message.ts';
import type { ReplicaState } from './state.ts';

/** The normal case: three phases, execution in sequence, replies (§4.2). */
export class Agreement {
  readonly #state: ReplicaState;
  readonly #checkpointing: Checkpointing;
  /** Q entries remembered for one sequence number; more than faulty primaries can leave behind (Castro's thesis, §3.2.4). */
  readonly #mostPrePrepared: number;
  #carriedOut = 0;
  readonly #countAndReply = (record: ClientRecord): void => {
    this.#carriedOut++;
    const { pending } = record;
    if (pending !== undefined && !record.queued && pending.decoded.number <= record.executed) {
      record.pending = undefined;
      this.#state.waiting.delete(record.client);
    }
    this.reply(record, false);
  };

  constructor(state: ReplicaState, checkpointing: Checkpointing) {
    this.#state = state;
    this.#checkpointing = checkpointing;
    this.#mostPrePrepared = state.faults + 2;
  }

  /** Executes what is committed next, and proposes what waits. To be called after anything that may allow either. */
  advance(): void {
    this.#executeReady();
    this.#propose();
  }

  /** Primary: orders waiting requests as far as the window and the log have room. */
  #propose(): void {
    const { queue, log, options } = this.#state;
    if (queue.size === 0 || !this.#state.isPrimary || !this.#state.active) return;
    while (queue.size > 0 && this.#hasRoom() && log.holds(this.#state.proposed + 1)) {
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
    const { context, log, authenticator, options, view } = this.#state;
    if (!this.#isCurrent(message)) return;
    if (from !== this.#state.primary || this.#state.isPrimary) return this.#state.ignore('unexpected');
    // Also where the chosen batch is still to be fetched: voting for another now and for that later would be two votes in one view.
    const isChosen = message.sequence <= this.#state.chosenUpTo;
    if (isChosen || log.find(message.sequence)?.digest !== undefined) return this.#state.ignore('duplicate');
    const bytes = new Uint8Array(message.batch);
    const batch = parseBatch(context.authentication, bytes, authenticator.bytes, options.batchLimit);
    if (batch === undefined) return this.#state.ignore('malformed');
    const input = agreementInput('prePrepare', view, message.sequence, batch.digest);
    if (!authenticator.verify(from, input, message.authenticator) || !this.#authentic(batch)) {
      return this.#state.ignore('authentication');
    }
    this.acceptProposal(log.open(message.sequence), batch);
  }

  /** Whether every request in the batch is its client's. */
  #authentic(batch: Batch): boolean {
    const { context, authenticator } = this.#state;
    let offset = batch.authenticatorsAt;
    for (let i = 0; i < batch.requests.length; i++) {
      const client = batch.requests[i]?.client;
      const encoded = batch.encoded[i];
      if (client === undefined || encoded === undefined || !isClient(client)) return false;
      const input = requestInput(context.authentication, encoded);
      if (!authenticator.verify(client, input, batch.bytes, offset)) return false;
      offset += authenticator.bytes;
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
    const { faults, self, isPrimary } = this.#state;
    if (!this.#isCurrent(message)) return;
    if (!isReplica(from, this.#state.replicas) || from === this.#state.primary) return this.#state.ignore('unexpected');
    const instance = this.#state.log.open(message.sequence);
    const needed = preparesNeededFromOthers(isPrimary, faults);
    if (!this.#acceptVote(from, message, instance.prepares, needed, self)) return;
    this.#tryPrepare(instance);
  }

  onCommit(from: ParticipantId, message: Vote): void {
    const { faults, self } = this.#state;
    if (!this.#isCurrent(message)) return;
    if (!isReplica(from, this.#state.replicas)) return this.#state.ignore('unexpected');
    const instance = this.#state.log.open(message.sequence);
    const needed = commitsNeededFromOthers(faults);
    if (!this.#acceptVote(from, message, instance.commits, needed, self)) return;
    this.#tryCommit(instance);
  }

  /** Takes a vote that is still needed; one that is not costs no MAC. */
  #acceptVote(
    from: ParticipantId,
    message: Vote,
    votes: (Uint8Array | undefined)[],
    needed: number,
    self: number,
  ): boolean {
    const { type, view, sequence, digest } = message;
    if (votes[from] !== undefined || votesFor(votes, digest, self) >= needed) {
      this.#state.ignore('unneeded');
      return false;
    }
    if (!this.#state.authenticator.verify(from, agreementInput(type, view, sequence, digest), message.authenticator)) {
      this.#state.ignore('authentication');
      return false;
    }
    votes[from] = new Uint8Array(digest);
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
  }

  #tryCommit(instance: Instance): void {
    if (instance.committed || !instance.prepared || !committed(instance, this.#state.faults)) return;
    instance.committed = true;
    this.advance();
  }

  #executeReady(): void {
    const { execution, log, context } = this.#state;
    for (;;) {
      const instance = log.find(execution.executed + 1);
      if (instance?.batch === undefined || !instance.committed) return;
      this.#carriedOut = 0;
      execution.execute(instance.batch, this.#countAndReply);
      this.#state.progress++;
      this.#state.viewChanges = 0;
      if (instance.batch.requests.length > 0) context.count('pbft.batches');
      release(instance.batch);
      if (this.#carriedOut > 0) {
        context.count(Counter.handled, this.#carriedOut);
        context.count('pbft.requests', this.#carriedOut);
      }
      this.#checkpointing.executed();
    }
  }

  /** Answers a client's last request. `whole`: with the result even where another replica is designated to send it. */
  reply(record: ClientRecord, whole: boolean): void {
    const { context, view, options, self, replicas } = this.#state;
    const { client, executed: number, result } = record;
    const large = result.length > WHOLE_RESULT_BYTES;
    const essence = large ? context.authentication.digest(result) : result;
    const tag = new Uint8Array(context.authentication.tagBytes);
    context.authentication.generate(client, replyInput(view, number, large, essence), tag, 0);
    const designated = (client + number) % replicas === self;
    const digested = large && options.digestReplies && !whole && !designated;
    context.send(client, { type: 'reply', view, number, digested, result: digested ? essence : result, tag });
  }

  #isCurrent({ view, sequence }: PrePrepare | Vote): boolean {
    const { log, active } = this.#state;
    if (view === this.#state.view && active && log.holds(sequence)) return true;
    if (view !== this.#state.view || !active) this.#state.ignore('view');
    else this.#state.ignore(sequence <= log.low ? 'old' : 'watermark');
    return false;
  }
}
