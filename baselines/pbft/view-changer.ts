import { isReplica, type ParticipantId, type ReplicaId } from '../../src/kernel/identifiers.ts';
import { Acknowledgements, acksToAccept, acksToInclude } from './acknowledgements.ts';
import type { Agreement } from './agreement.ts';
import { agreementInput, digestInput } from './authenticator.ts';
import { type Batch, bodiesOf, NULL_BATCH } from './batch.ts';
import { viewChangesNeeded } from './certificates.ts';
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
  type ViewChangeAck,
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
  type ReceivedClaim,
} from './view-change.ts';

const MOST_DOUBLINGS = 10;

/** A NEW-VIEW that cannot be checked before more claims arrive. */
interface Candidate {
  readonly proposal: NewViewProposal;
  readonly message: NewView;
}

/** How the current view began. */
interface EnteredView {
  readonly message: NewView;
  readonly claims: readonly ReceivedClaim[];
  readonly choice: NewViewChoice;
}

/**
 * View changes ([TOCS §5], with MACs). A replica believes a VIEW-CHANGE that its author authenticated to it; authors' authenticators have an
 * entry for every replica, so any replica can pass the message on and no one depends on the author to stay up. A NEW-VIEW
 * names the claims that it rests on, and a backup repeats the choice from its own copies of them.
 *
 * Safe against a faulty author that sends different claims to different replicas: one view counts one claim of an author, all
 * who enter by the same NEW-VIEW count the same one, and in any 2f+1 claims f+1 are of correct replicas and true. Safe against a
 * faulty primary: it can name only claims that each backup authenticated itself or that a correct replica did (acknowledgements.ts), it
 * cannot choose, as backups repeat the choice, and two NEW-VIEWs of it lead to two votes for a sequence number in one view, of which at
 * most one finds a quorum. What a faulty author could do is stall: a claim that only the primary can check makes a NEW-VIEW that no backup can
 * check. VIEW-CHANGE-ACK closes that: S has only claims that every backup can be convinced of.
 */
export class ViewChanger {
  readonly #state: ReplicaState;
  readonly #agreement: Agreement;
  readonly #checkpointing: Checkpointing;
  readonly #claims: ClaimStore;
  readonly #acks: Acknowledgements;
  /** The latest incarnation of each replica that is known, and the highest view that an earlier one asked for. */
  readonly #incarnations: { incarnation: number; asked: View }[];
  /** The latest NEW-VIEW of each primary: the faulty ones cannot take the place of another's, whatever view they name. */
  readonly #candidates: (Candidate | undefined)[];
  /**
   * By author, claims that the awaited NEW-VIEW names beside the latest ones: of an author that has asked for a later view since, that
   * did not authenticate it to this replica, or sent it another one. Enough acks make them count.
   */
  readonly #named: (ReceivedClaim | undefined)[];
  /** The NEW-VIEW of the current view and the claims that it rests on, for replicas that missed it. */
  #entered: EnteredView | undefined;
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
    this.#incarnations = Array.from({ length: state.replicas }, () => ({ incarnation: 0, asked: 0 }));
    this.#acks = new Acknowledgements(state.replicas);
    this.#candidates = new Array<Candidate | undefined>(state.replicas).fill(undefined);
    this.#named = new Array<ReceivedClaim | undefined>(state.replicas).fill(undefined);
  }

  /** [§4.5.2] How long the current view has to execute what is awaited, NEW-VIEW included: as long as the one before, twice as long if that failed, too. */
  get patienceUs(): number {
    const failedInARow = Math.max(0, this.#state.viewChanges - 1);
    return this.#state.options.viewChangeUs * 2 ** Math.min(failedInARow, MOST_DOUBLINGS);
  }

  /** Leaves the current view and asks for `view`, which is higher. */
  start(view: View): void {
    this.#leaveFor(view);
    // Until it may promise anything again, a replica that was started again only follows the others.
    if (!this.#state.rejoining) this.#ask(view);
    this.#proceed();
  }

  #leaveFor(view: View): void {
    const { context, queue } = this.#state;
    context.count('pbft.viewChanges');
    this.#state.undoTentative();
    this.#state.view = view;
    this.#state.active = false;
    this.#state.viewChanges++;
    this.#quorumSinceUs = undefined;
    this.#entered = undefined;
    this.#named.fill(undefined);
    this.#missing.length = 0;
    this.#fetched.length = 0;
    for (const record of queue.drain()) if (record.pending !== undefined) this.#state.await(record);
    this.#state.keepTicking();
  }

  #ask(view: View): void {
    const { context, authenticator } = this.#state;
    const claim = this.#ownClaim(view);
    const body = encodeClaim(claim);
    const digest = context.authentication.digest(body);
    const message: ViewChange = {
      type: 'viewChange',
      body,
      authenticator: authenticator.make(digestInput('viewChange', digest)),
    };
    this.#claims.put({ claim, digest, message, isAuthentic: true });
    this.#state.multicast(message);
  }

  #ownClaim(view: View): ViewChangeClaim {
    const { checkpoints, log, self, context } = this.#state;
    const { incarnation } = context;
    const prepared: BatchMark[] = [];
    const prePrepared: BatchMark[] = [];
    for (const { sequence, lastPrepared, prePrepared: entries } of log.instances()) {
      if (lastPrepared !== undefined) prepared.push({ sequence, ...lastPrepared });
      for (const entry of entries) prePrepared.push({ sequence, view: entry.view, digest: entry.batch.digest });
    }
    const stable = checkpoints.stable.sequence;
    return { replica: self, incarnation, view, stable, checkpoints: checkpoints.marks(), prepared, prePrepared };
  }

  onViewChange(message: ViewChange): void {
    const { self, view, replicas, log } = this.#state;
    const body = new Uint8Array(message.body);
    const claim = decodeClaim(body);
    if (claim === undefined || !isReplica(claim.replica, replicas) || !plausible(claim, log.size)) {
      return this.#state.ignore('malformed');
    }
    if (claim.view < view) return this.#state.ignore('old');
    const wanted = this.#wantedOf(claim);
    const isOwn = claim.replica === self;
    if (this.#isForgotten(claim) && !(isOwn && wanted !== undefined)) return this.#state.ignore('old');
    const isNew = !isOwn && this.#isNew(claim);
    if (!isNew && wanted === undefined) return this.#state.ignore('duplicate');
    const kept: ViewChange = { type: 'viewChange', body, authenticator: new Uint8Array(message.authenticator) };
    this.#take(claim, kept, isNew, wanted);
  }

  #isNew({ replica, incarnation, view }: ViewChangeClaim): boolean {
    const known = this.#claims.of(replica)?.claim;
    return known === undefined || known.incarnation < incarnation || known.view < view;
  }

  /** Whether its author has lost its memory since, and with it what it promised by this claim. */
  #isForgotten({ replica, incarnation }: ViewChangeClaim): boolean {
    const known =
      replica === this.#state.self ? this.#state.context.incarnation : this.#incarnations[replica]?.incarnation;
    return incarnation < (known ?? 0);
  }

  /**
   * Replica `author` says that it has lost its memory and is now in `incarnation`: no claim of an earlier one is taken from now on.
   * The highest view that earlier ones asked for, as far as is known here; undefined if it is known to be in a later incarnation.
   */
  hasForgotten(author: ReplicaId, incarnation: number): View | undefined {
    const known = this.#incarnations[author];
    if (known === undefined || known.incarnation > incarnation) return undefined;
    const claim = this.#claims.of(author)?.claim;
    if (claim !== undefined && claim.incarnation < incarnation) known.asked = Math.max(known.asked, claim.view);
    known.incarnation = incarnation;
    return known.asked;
  }

  /** This replica takes part again, but in no view before `least`, for which an earlier incarnation may have asked. */
  rejoined(least: View): void {
    const { view, active } = this.#state;
    if (view < least) return this.start(least);
    if (active) this.#acceptChosen();
    else this.#ask(view);
    this.#proceed();
  }

  /** A claim counts if its author authenticated it to this replica, or once others vouch for it (`wanted`: the digest that NEW-VIEW names). */
  #take(claim: ViewChangeClaim, message: ViewChange, isNew: boolean, wanted: Digest | undefined): void {
    const { context, authenticator, self, replicas, view, faults } = this.#state;
    const digest = context.authentication.digest(message.body);
    const input = digestInput('viewChange', digest);
    const isAuthentic = claim.replica !== self && authenticator.verify(claim.replica, input, message.authenticator);
    const received: ReceivedClaim = { claim, digest, message, isAuthentic };
    if (isNew && isAuthentic) {
      this.hasForgotten(claim.replica, claim.incarnation);
      this.#claims.put(received);
      const newPrimary = primaryOf(claim.view, replicas);
      if (newPrimary !== self) this.#acknowledge(newPrimary, received);
    } else if (wanted !== undefined && equalBytes(wanted, digest)) {
      this.#named[claim.replica] = received;
    } else return this.#state.ignore(isNew ? 'authentication' : 'duplicate');
    const joined = this.#claims.viewToJoin(view, faults);
    if (joined !== undefined) this.start(joined);
    else this.#proceed();
  }

  /** The digest of the claim that the awaited view's NEW-VIEW names of this author, if it is not the one that this replica has of it. */
  #wantedOf({ replica, view }: ViewChangeClaim): Digest | undefined {
    if (view !== this.#state.view || this.#state.active) return undefined;
    const candidate = this.#candidateFor(view);
    const named = candidate?.proposal.claims.find((entry) => entry.replica === replica)?.digest;
    const known = this.#claims.of(replica);
    const isHeld = named !== undefined && known?.claim.view === view && equalBytes(known.digest, named);
    return isHeld ? undefined : named;
  }

  #candidateFor(view: View): Candidate | undefined {
    const candidate = this.#candidates[primaryOf(view, this.#state.replicas)];
    return candidate?.proposal.view === view ? candidate : undefined;
  }

  /** Vouches before `to` for a claim that its author authenticated to this replica. */
  #acknowledge(to: ReplicaId, { claim: { replica: author, view }, digest }: ReceivedClaim): void {
    const { context, self } = this.#state;
    if (author === self || author === to) return;
    const tag = new Uint8Array(context.authentication.tagBytes);
    context.authentication.generate(to, agreementInput('viewChangeAck', view, author, digest), tag, 0);
    context.send(to, { type: 'viewChangeAck', view, author, digest, tag });
  }

  onViewChangeAck(from: ParticipantId, message: ViewChangeAck): void {
    const { context, self, replicas } = this.#state;
    const { view, author, digest, tag } = message;
    if (!isReplica(from, replicas)) return this.#state.ignore('unexpected');
    if (view < this.#state.view || (view === this.#state.view && this.#state.active)) return this.#state.ignore('old');
    const isConcern = primaryOf(view, replicas) === self || this.#candidateFor(view) !== undefined;
    if (!isConcern || !this.#acks.adds(from, author, view, digest)) return this.#state.ignore('unneeded');
    if (!context.authentication.verify(from, agreementInput('viewChangeAck', view, author, digest), tag, 0)) {
      return this.#state.ignore('authentication');
    }
    this.#acks.put(from, author, view, new Uint8Array(digest));
    this.#proceed();
  }

  onNewView(message: NewView): void {
    const { context, authenticator, view, active, replicas, self } = this.#state;
    const body = new Uint8Array(message.body);
    const proposal = decodeProposal(body);
    if (proposal === undefined) return this.#state.ignore('malformed');
    if (proposal.view < view || (proposal.view === view && active)) return this.#state.ignore('old');
    const primary = primaryOf(proposal.view, replicas);
    if ((this.#candidates[primary]?.proposal.view ?? -1) >= proposal.view) return this.#state.ignore('duplicate');
    const digest = context.authentication.digest(body);
    if (primary === self) return this.#state.ignore('unexpected');
    if (!authenticator.verify(primary, digestInput('newView', digest), message.authenticator)) {
      return this.#state.ignore('authentication');
    }
    const kept: NewView = { type: 'newView', body, authenticator: new Uint8Array(message.authenticator) };
    this.#candidates[primary] = { proposal, message: kept };
    this.#state.keepTicking();
    this.#proceed();
  }

  /** Goes as far towards a new view as what was received allows. */
  #proceed(): void {
    const { view, active, isPrimary, faults, context } = this.#state;
    if (!active && this.#quorumSinceUs === undefined && this.#claims.askingFor(view) >= viewChangesNeeded(faults)) {
      this.#quorumSinceUs = context.now();
    }
    if (!active && isPrimary && !this.#state.rejoining) this.#proposeNewView();
    else for (const candidate of this.#candidates) if (candidate !== undefined) this.#check(candidate);
  }

  /** [Castro's thesis, §3.2.4] S: the own claim, and those that every backup can be convinced of. */
  #certifiedClaims(view: View): ReceivedClaim[] {
    const { self, faults } = this.#state;
    const needed = acksToInclude(faults);
    return this.#claims
      .forView(view)
      .filter(({ claim, digest }) => claim.replica === self || this.#acks.count(claim.replica, view, digest) >= needed);
  }

  #proposeNewView(): void {
    const { view, faults, context, authenticator } = this.#state;
    const received = this.#certifiedClaims(view);
    if (received.length < viewChangesNeeded(faults)) return;
    const choice = chooseNewView(
      received.map(({ claim }) => claim),
      faults,
    );
    if (choice === undefined || choice.batches.length > this.#state.log.size) return;
    if (choice.checkpoint.sequence < this.#state.silentUpTo || !this.#haveBatches(choice)) return;
    const claims = received.map(({ claim, digest }) => ({ replica: claim.replica, digest }));
    const body = encodeProposal({ view, claims, choice });
    const tags = authenticator.make(digestInput('newView', context.authentication.digest(body)));
    const message: NewView = { type: 'newView', body, authenticator: tags };
    this.#state.multicast(message);
    this.#enter(view, { message, claims: received, choice });
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

  /** Enters the view of a NEW-VIEW once all claims that it names are here, and lead to the choice that it states. */
  #check(candidate: Candidate): void {
    const { proposal, message } = candidate;
    const { view, active, faults } = this.#state;
    if (proposal.view < view || (proposal.view === view && active)) return this.#drop(candidate);
    const named: ReceivedClaim[] = [];
    for (const { replica, digest } of proposal.claims) {
      const received = this.#believed(replica, proposal.view, digest);
      if (received === undefined) return;
      if (named.includes(received)) return this.#reject(candidate);
      named.push(received);
    }
    if (named.length < viewChangesNeeded(faults)) return this.#reject(candidate);
    const choice = chooseNewView(
      named.map(({ claim }) => claim),
      faults,
    );
    if (choice === undefined || choice.batches.length > this.#state.log.size || !sameChoice(choice, proposal.choice)) {
      return this.#reject(candidate);
    }
    this.#drop(candidate);
    this.#enter(proposal.view, { message, claims: named, choice });
  }

  /** The claim with this digest, if its author or f+1 others vouch for it. */
  #believed(replica: ReplicaId, view: View, digest: Digest): ReceivedClaim | undefined {
    const matches = (received: ReceivedClaim | undefined) =>
      received?.claim.view === view && equalBytes(received.digest, digest);
    const known = this.#claims.of(replica);
    if (matches(known)) return known;
    const other = this.#named[replica];
    if (!matches(other) || other?.isAuthentic !== false) return matches(other) ? other : undefined;
    if (this.#acks.count(replica, view, digest) < acksToAccept(this.#state.faults)) return undefined;
    this.#state.context.count('pbft.vouchedClaims');
    return other;
  }

  #drop({ proposal }: Candidate): void {
    this.#candidates[primaryOf(proposal.view, this.#state.replicas)] = undefined;
  }

  #reject(candidate: Candidate): void {
    this.#drop(candidate);
    this.#state.ignore('newView');
  }

  #enter(view: View, entered: EnteredView): void {
    const { choice } = entered;
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
    this.#entered = entered;
    this.#named.fill(undefined);
    this.#missing.length = 0;
    this.#checkpointing.startFrom(choice.checkpoint);
    const last = choice.checkpoint.sequence + choice.batches.length;
    log.resetBallots(last);
    this.#state.proposed = Math.max(last, log.low);
    this.#state.chosenUpTo = last;
    for (const record of this.#state.clients.all()) record.ordered = record.executed;
    if (!this.#state.rejoining) this.#acceptChosen();
    this.#passOnWaiting();
    this.#agreement.advance();
  }

  /** Votes for what NEW-VIEW chose, or fetches it first. */
  #acceptChosen(): void {
    const choice = this.#entered?.choice;
    choice?.batches.forEach((digest, i) => {
      const sequence = choice.checkpoint.sequence + 1 + i;
      if (!this.#state.log.holds(sequence)) return;
      const batch = this.#batch(digest);
      if (batch === undefined) this.#missing.push({ sequence, digest });
      else this.#acceptInNewView(sequence, batch);
    });
    this.fetchMissing();
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

  /**
   * Sends `to` what it needs to reach this replica's view: the claims for it, that this replica vouches for them, and NEW-VIEW once
   * there is one.
   */
  help(to: ReplicaId): number {
    const { context, view } = this.#state;
    const claims = this.#entered?.claims ?? this.#claims.forView(view);
    for (const received of claims) {
      context.send(to, received.message);
      if (received.isAuthentic) this.#acknowledge(to, received);
    }
    const newView = this.#entered?.message ?? this.#candidateFor(view)?.message;
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
