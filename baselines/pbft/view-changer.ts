import { isReplica, type ParticipantId } from '../../src/kernel/identifiers.ts';
import type { Agreement } from './agreement.ts';
import { digestInput } from './authenticator.ts';
import { type Batch, bodiesOf, NULL_BATCH } from './batch.ts';
import type { Checkpointing } from './checkpointing.ts';
import { equalBytes } from './digest.ts';
import {
  type BatchBody,
  type Digest,
  type FetchBatch,
  type NewView,
  primaryOf,
  type SequenceNumber,
  type View,
  type ViewChange,
} from './message.ts';
import { type BatchMark, chooseNewView, type NewViewChoice, sameChoice, type ViewChangeClaim } from './new-view.ts';
import type { ReplicaState } from './state.ts';
import {
  ClaimStore,
  decodeClaim,
  decodeProposal,
  encodeClaim,
  encodeProposal,
  type NewViewProposal,
  plausible,
} from './view-change.ts';

const MOST_DOUBLINGS = 10;

/**
 * View changes ([TOCS §5], with MACs). A replica believes a VIEW-CHANGE that its author authenticated to it; authors' authenticators have an
 * entry for every replica, so any replica can pass the message on and no one depends on the author to stay up. A NEW-VIEW
 * names the claims that it rests on, and a backup repeats the choice from its own copies of them.
 *
 * An author that makes its authenticator valid for some replicas only can stall a view, which then times out; the paper's
 * VIEW-CHANGE-ACK closes that.
 */
export class ViewChanger {
  readonly #state: ReplicaState;
  readonly #agreement: Agreement;
  readonly #checkpointing: Checkpointing;
  readonly #claims: ClaimStore;
  /** A NEW-VIEW that cannot be checked before more claims arrive. */
  #candidate: { readonly proposal: NewViewProposal; readonly message: NewView } | undefined;
  /** The NEW-VIEW of the current view, for replicas that missed it. */
  #entered: NewView | undefined;
  /** Digests that a new view needs and whose batches this replica lacks; the sequence number where they belong. */
  readonly #missing: { readonly sequence: SequenceNumber; readonly digest: Digest }[] = [];
  readonly #fetched: Batch[] = [];
  /** Since when 2f+1 ask for the view that is awaited, or a later one; its primary's time runs from then. */
  #quorumSinceUs: number | undefined;

  /** When the current view began. */
  #enteredUs = 0;

  constructor(state: ReplicaState, agreement: Agreement, checkpointing: Checkpointing) {
    this.#state = state;
    this.#agreement = agreement;
    this.#checkpointing = checkpointing;
    this.#claims = new ClaimStore(state.replicas);
  }

  /** How long the current view has to execute what is awaited. */
  get patienceUs(): number {
    return this.#state.options.viewChangeUs * 2 ** Math.min(this.#state.failedViews, MOST_DOUBLINGS);
  }

  /** Leaves the current view and asks for `view`, which is higher. */
  start(view: View): void {
    const { context, queue, authenticator, self } = this.#state;
    context.count('pbft.viewChanges');
    this.#state.undoTentative();
    this.#state.view = view;
    this.#state.active = false;
    this.#state.failedViews++;
    this.#quorumSinceUs = undefined;
    this.#entered = undefined;
    this.#missing.length = 0;
    this.#fetched.length = 0;
    for (const record of queue.drain()) if (record.pending !== undefined) this.#state.await(record);
    const claim = this.#ownClaim(view);
    const body = encodeClaim(claim);
    const digest = context.authentication.digest(body);
    const message: ViewChange = {
      type: 'viewChange',
      body,
      authenticator: authenticator.make(digestInput('viewChange', digest)),
    };
    this.#claims.put({ claim: { ...claim, replica: self }, digest, message });
    this.#state.multicast(message);
    this.#state.keepTicking();
    this.#proceed();
  }

  #ownClaim(view: View): ViewChangeClaim {
    const { checkpoints, log, self } = this.#state;
    const prepared: BatchMark[] = [];
    const prePrepared: BatchMark[] = [];
    for (const { sequence, lastPrepared, prePrepared: entries } of log.instances()) {
      if (lastPrepared !== undefined) prepared.push({ sequence, ...lastPrepared });
      for (const entry of entries) prePrepared.push({ sequence, view: entry.view, digest: entry.batch.digest });
    }
    const stable = checkpoints.stable.sequence;
    return { replica: self, view, stable, checkpoints: checkpoints.marks(), prepared, prePrepared };
  }

  onViewChange(message: ViewChange): void {
    const { context, authenticator, self, view, faults, replicas, log } = this.#state;
    const body = new Uint8Array(message.body);
    const claim = decodeClaim(body);
    if (claim === undefined || !isReplica(claim.replica, replicas) || !plausible(claim, log.size)) {
      return this.#state.ignore('malformed');
    }
    const known = this.#claims.of(claim.replica);
    if (claim.view < view) return this.#state.ignore('old');
    if (claim.replica === self || (known !== undefined && known.claim.view >= claim.view)) {
      return this.#state.ignore('duplicate');
    }
    const digest = context.authentication.digest(body);
    if (!authenticator.verify(claim.replica, digestInput('viewChange', digest), message.authenticator)) {
      return this.#state.ignore('authentication');
    }
    const kept: ViewChange = { type: 'viewChange', body, authenticator: new Uint8Array(message.authenticator) };
    this.#claims.put({ claim, digest, message: kept });
    const joined = this.#claims.viewToJoin(view, faults);
    if (joined !== undefined) this.start(joined);
    else this.#proceed();
  }

  onNewView(message: NewView): void {
    const { context, authenticator, view, active, replicas, self } = this.#state;
    const body = new Uint8Array(message.body);
    const proposal = decodeProposal(body);
    if (proposal === undefined) return this.#state.ignore('malformed');
    if (proposal.view < view || (proposal.view === view && active)) return this.#state.ignore('old');
    if (this.#candidate !== undefined && this.#candidate.proposal.view >= proposal.view) {
      return this.#state.ignore('duplicate');
    }
    const primary = primaryOf(proposal.view, replicas);
    const digest = context.authentication.digest(body);
    if (primary === self) return this.#state.ignore('unexpected');
    if (!authenticator.verify(primary, digestInput('newView', digest), message.authenticator)) {
      return this.#state.ignore('authentication');
    }
    const kept: NewView = { type: 'newView', body, authenticator: new Uint8Array(message.authenticator) };
    this.#candidate = { proposal, message: kept };
    this.#state.keepTicking();
    this.#proceed();
  }

  /** Goes as far towards a new view as what was received allows. */
  #proceed(): void {
    const { view, active, isPrimary, faults, context } = this.#state;
    if (!active && this.#quorumSinceUs === undefined && this.#claims.askingFor(view) >= 2 * faults + 1) {
      this.#quorumSinceUs = context.now();
    }
    if (!active && isPrimary) this.#proposeNewView();
    else this.#checkCandidate();
  }

  #proposeNewView(): void {
    const { view, faults, context, authenticator } = this.#state;
    const received = this.#claims.forView(view);
    if (received.length < 2 * faults + 1) return;
    const choice = chooseNewView(
      received.map(({ claim }) => claim),
      faults,
    );
    if (choice === undefined || choice.batches.length > this.#state.log.size) return;
    if (!this.#haveBatches(choice)) return;
    const claims = received.map(({ claim, digest }) => ({ replica: claim.replica, digest }));
    const body = encodeProposal({ view, claims, choice });
    const tags = authenticator.make(digestInput('newView', context.authentication.digest(body)));
    const message: NewView = { type: 'newView', body, authenticator: tags };
    this.#state.multicast(message);
    this.#enter(view, choice, message);
  }

  /** The primary of a new view proposes only what it could hand out; asks for what it lacks. */
  #haveBatches(choice: NewViewChoice): boolean {
    this.#missing.length = 0;
    choice.batches.forEach((digest, i) => {
      const sequence = choice.checkpoint.sequence + 1 + i;
      if (this.#batch(digest) === undefined) this.#missing.push({ sequence, digest });
    });
    this.fetchMissing();
    return this.#missing.length === 0;
  }

  #checkCandidate(): void {
    const candidate = this.#candidate;
    if (candidate === undefined) return;
    const { proposal, message } = candidate;
    const { view, active, faults } = this.#state;
    if (proposal.view < view || (proposal.view === view && active)) {
      this.#candidate = undefined;
      return;
    }
    const claims: ViewChangeClaim[] = [];
    for (const { replica, digest } of proposal.claims) {
      const known = this.#claims.of(replica);
      if (known === undefined || known.claim.view !== proposal.view || !equalBytes(known.digest, digest)) return;
      if (claims.includes(known.claim)) return this.#rejectCandidate();
      claims.push(known.claim);
    }
    if (claims.length < 2 * faults + 1) return this.#rejectCandidate();
    const choice = chooseNewView(claims, faults);
    if (choice === undefined || choice.batches.length > this.#state.log.size || !sameChoice(choice, proposal.choice)) {
      return this.#rejectCandidate();
    }
    this.#candidate = undefined;
    this.#enter(proposal.view, choice, message);
  }

  #rejectCandidate(): void {
    this.#candidate = undefined;
    this.#state.ignore('newView');
  }

  #enter(view: View, choice: NewViewChoice, message: NewView): void {
    const { log, context, isPrimary: wasPrimary } = this.#state;
    context.count('pbft.newViews');
    if (view > this.#state.view && wasPrimary) {
      for (const record of this.#state.queue.drain()) if (record.pending !== undefined) this.#state.await(record);
    }
    this.#state.undoTentative();
    this.#state.view = view;
    this.#state.active = true;
    this.#enteredUs = context.now();
    this.#state.progress++;
    this.#entered = message;
    this.#missing.length = 0;
    this.#checkpointing.startFrom(choice.checkpoint);
    const last = choice.checkpoint.sequence + choice.batches.length;
    log.resetBallots(last);
    this.#state.proposed = Math.max(last, log.low);
    this.#state.chosenUpTo = last;
    for (const record of this.#state.clients.all()) record.ordered = record.executed;
    choice.batches.forEach((digest, i) => {
      const sequence = choice.checkpoint.sequence + 1 + i;
      if (!log.holds(sequence)) return;
      const batch = this.#batch(digest);
      if (batch === undefined) this.#missing.push({ sequence, digest });
      else this.#acceptInNewView(sequence, batch);
    });
    this.fetchMissing();
    this.#passOnWaiting();
    this.#agreement.advance();
  }

  #acceptInNewView(sequence: SequenceNumber, batch: Batch): void {
    for (const { client, number } of batch.requests) {
      const record = this.#state.clients.find(client);
      if (record !== undefined && number > record.ordered) record.ordered = number;
    }
    this.#agreement.acceptProposal(this.#state.log.open(sequence), batch);
  }

  /** What waited for the old primary goes to the new one. */
  #passOnWaiting(): void {
    const { waiting, isPrimary, primary, context, queue } = this.#state;
    for (const record of waiting.values()) {
      const { pending } = record;
      if (pending === undefined) continue;
      if (!isPrimary) {
        context.send(primary, { type: 'request', request: pending.request, authenticator: pending.authenticator });
      } else if (pending.decoded.number > record.ordered) queue.push(record, pending);
    }
    if (isPrimary) waiting.clear();
  }

  #batch(digest: Digest): Batch | undefined {
    return this.#state.log.batchWith(digest) ?? this.#fetched.find((batch) => equalBytes(batch.digest, digest));
  }

  /** Asks the others for the batches that the new view needs and this replica lacks. */
  fetchMissing(): void {
    for (const { digest } of this.#missing) {
      const tags = this.#state.authenticator.make(digestInput('fetchBatch', digest));
      this.#state.multicast({ type: 'fetchBatch', digest, authenticator: tags });
    }
  }

  onFetchBatch(from: ParticipantId, message: FetchBatch): void {
    const { authenticator, context, replicas } = this.#state;
    if (!isReplica(from, replicas)) return this.#state.ignore('unexpected');
    if (!authenticator.verify(from, digestInput('fetchBatch', message.digest), message.authenticator)) {
      return this.#state.ignore('authentication');
    }
    const batch = this.#batch(message.digest);
    if (batch === undefined || batch === NULL_BATCH) return this.#state.ignore('unknownBatch');
    context.send(from, { type: 'batchBody', batch: batch.bytes, bodies: bodiesOf(batch) });
  }

  /** A batch that f+1 pre-prepared needs no check of its requests: a correct replica did it (condition A2). */
  onBatchBody(message: BatchBody): void {
    const { context, active } = this.#state;
    if (this.#missing.length === 0) return this.#state.ignore('unneeded');
    const batch = this.#agreement.parseBody(message);
    if (batch === undefined) return this.#state.ignore('malformed');
    const wanted = this.#missing.filter(({ digest }) => equalBytes(digest, batch.digest));
    if (wanted.length === 0) return this.#state.ignore('unneeded');
    for (const entry of wanted) this.#missing.splice(this.#missing.indexOf(entry), 1);
    context.count('pbft.fetchedBatches');
    if (!active) {
      this.#fetched.push(batch);
      return this.#proceed();
    }
    for (const { sequence } of wanted) {
      if (this.#state.log.holds(sequence)) this.#acceptInNewView(sequence, batch);
    }
  }

  /** Whether the primary of the awaited view has had its time since 2f+1 asked for it. */
  get hasTimedOut(): boolean {
    const since = this.#quorumSinceUs;
    return !this.#state.active && since !== undefined && this.#state.context.now() - since >= this.patienceUs;
  }

  /**
   * A client lacks answers to what this replica has executed, and a replica has left this view, alone: without a vote in this view it
   * can neither commit what it lacks nor be missed before something new is ordered, and faulty replicas can keep the client waiting for just that one.
   * It is followed, once in the time that a view has. A faulty client can cause as much by a request that only backups find authentic.
   */
  followStraggler(): void {
    const { context, view, active } = this.#state;
    if (!active || context.now() - this.#enteredUs < this.patienceUs) return;
    const asked = this.#claims.viewToJoin(view, 0);
    if (asked === undefined) return;
    context.count('pbft.followed');
    this.start(asked);
  }

  /** Sends `to` what it needs to reach this replica's view: the claims for it, and NEW-VIEW once there is one. */
  help(to: ParticipantId): number {
    const { context, view } = this.#state;
    const claims = this.#claims.forView(view);
    for (const { message } of claims) context.send(to, message);
    const newView = this.#entered ?? (this.#candidate?.proposal.view === view ? this.#candidate.message : undefined);
    if (newView !== undefined) context.send(to, newView);
    return claims.length;
  }

  /** Sends the own claim again to all, where the view change makes no progress. */
  repeat(): void {
    if (this.#state.active) return;
    const own = this.#claims.of(this.#state.self);
    if (own !== undefined) this.#state.multicast(own.message);
  }
}
