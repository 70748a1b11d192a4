import { isReplica, type ParticipantId } from '../../src/kernel/identifiers.ts';
import { agreementInput } from './authenticator.ts';
import type { Checkpointing } from './checkpointing.ts';
import { NULL_DIGEST, sequenceDigest } from './digest.ts';
import type { Rejoin, RejoinReport, SequenceNumber, View } from './message.ts';
import type { ReplicaState } from './state.ts';
import type { ViewChanger } from './view-changer.ts';

/**
 * The way back of a replica that was started again and has lost everything, what it voted for included (after the recovery of
 * Castro's thesis, chapter 4, which keeps the log on a disk but does not trust it). One that voted at once could vote for a second batch
 * where it had voted for a first, or hide in a view change what it had prepared; with f others faulty that breaks safety. It counts among the
 * f faulty until it has rejoined, so that at most f − 1 others are, and until then it says nothing of sequence numbers and views. It
 * comes back once it cannot contradict itself any more:
 *
 * 1. Sequence numbers. What it voted for lay below its high watermark h + L. The checkpoint h was executed by a correct replica, hence
 *    committed, so f + 1 other correct replicas had prepared h, and they still know. Of any 2f + 1 other replicas one is
 *    among those; so of 2f + 1 reports of what others prepared the highest, H, is at least h. Silence up to H + L, and no vote or claim until a
 *    stable checkpoint is at H + L or beyond: from there on it is like a correct replica that was slow. Where more than 2f + 1 report, the
 *    2f + 1 lowest serve as well, which no lie of f − 1 can then lift above what correct ones report.
 *
 * 2. Views. A VIEW-CHANGE for w promises to vote in no view before w; one that it has forgotten could be used for NEW-VIEW(w) while it votes in an earlier
 *    view. To enter w by it, 2f + 1 replicas must hold it. After a report a replica takes no VIEW-CHANGE of an older incarnation any more,
 *    so a correct one among them and among the 2f + 1 reports had it before, and reported w: this replica votes in no view before that.
 *
 * 3. NEW-VIEW. As a primary it could propose once more for sequence numbers of which an older NEW-VIEW of it proposed something else; so it
 *    starts a view only from a checkpoint at H + L or beyond.
 *
 * Votes of the old incarnation that still arrive are of sequence numbers at which the new one stays silent. It gets the state by
 * checkpoints, so in a service without requests it stays silent, and the next H + L sequence numbers are carried by the others.
 */
export class Rejoining {
  readonly #state: ReplicaState;
  readonly #viewChanger: ViewChanger;
  readonly #checkpointing: Checkpointing;
  /** The first report of each other replica. */
  readonly #reports: ({ readonly prepared: SequenceNumber; readonly asked: View } | undefined)[];
  #askedForState: SequenceNumber = 0;

  constructor(state: ReplicaState, viewChanger: ViewChanger, checkpointing: Checkpointing) {
    this.#state = state;
    this.#viewChanger = viewChanger;
    this.#checkpointing = checkpointing;
    this.#reports = new Array<{ prepared: SequenceNumber; asked: View } | undefined>(state.replicas).fill(undefined);
  }

  start(): void {
    if (!this.#state.rejoining) return;
    this.#state.context.count('pbft.restarts');
    this.#ask();
    this.#state.keepTicking();
  }

  /** To be called at every tick. */
  tick(): void {
    if (this.#state.rejoining) this.#ask();
  }

  /** Asks those that have not reported. */
  #ask(): void {
    const { context, authenticator, others } = this.#state;
    const silent = others.filter((replica) => this.#reports[replica] === undefined);
    if (silent.length === 0) return;
    const { incarnation } = context;
    const tags = authenticator.make(agreementInput('rejoin', incarnation, 0, NULL_DIGEST));
    context.send(silent, { type: 'rejoin', incarnation, authenticator: tags });
  }

  onRejoin(from: ParticipantId, { incarnation, authenticator: tags }: Rejoin): void {
    const { context, authenticator, replicas, rejoining, execution, log } = this.#state;
    if (!isReplica(from, replicas) || incarnation < 1) return this.#state.ignore('unexpected');
    // It has forgotten what the other may ask for.
    if (rejoining) return this.#state.ignore('rejoining');
    if (!authenticator.verify(from, agreementInput('rejoin', incarnation, 0, NULL_DIGEST), tags)) {
      return this.#state.ignore('authentication');
    }
    const asked = this.#viewChanger.hasForgotten(from, incarnation);
    if (asked === undefined) return this.#state.ignore('old');
    const prepared = Math.max(execution.executed, log.highestPrepared);
    const tag = new Uint8Array(context.authentication.tagBytes);
    context.authentication.generate(from, reportInput({ incarnation, prepared, asked }), tag, 0);
    context.send(from, { type: 'rejoinReport', incarnation, prepared, asked, tag });
  }

  onReport(from: ParticipantId, message: RejoinReport): void {
    const { context, replicas, rejoining, self } = this.#state;
    if (!isReplica(from, replicas) || from === self) return this.#state.ignore('unexpected');
    if (!rejoining || message.incarnation !== context.incarnation || this.#reports[from] !== undefined) {
      return this.#state.ignore('unneeded');
    }
    if (!context.authentication.verify(from, reportInput(message), message.tag, 0)) {
      return this.#state.ignore('authentication');
    }
    this.#reports[from] = { prepared: message.prepared, asked: message.asked };
    this.advance();
  }

  /** Comes back if it may; to be called when a report, a checkpoint or a state came in. */
  advance(): void {
    if (!this.#state.rejoining) return;
    const prepared = highestOfLowest(this.#reports, ({ prepared }) => prepared, this.#state.faults);
    const asked = highestOfLowest(this.#reports, ({ asked }) => asked, this.#state.faults);
    if (prepared === undefined || asked === undefined) return;
    const silentUpTo = prepared + this.#state.log.size;
    if (this.#state.checkpoints.stable.sequence < silentUpTo) return this.#fetchFrom(silentUpTo);
    this.#state.silentUpTo = silentUpTo;
    this.#state.rejoining = false;
    this.#state.viewChanges = 0;
    this.#state.context.count('pbft.rejoined');
    this.#viewChanger.rejoined(asked);
  }

  /** Under load a checkpoint is soon replaced by the next one: the one that suffices is asked for as soon as it is known. */
  #fetchFrom(least: SequenceNumber): void {
    const ahead = this.#checkpointing.ahead;
    if (ahead === undefined || ahead < least || ahead <= this.#askedForState) return;
    this.#askedForState = ahead;
    this.#checkpointing.fetch();
  }
}

/** The highest of the 2f+1 lowest reports; undefined while fewer have come. */
function highestOfLowest<Report>(
  reports: readonly (Report | undefined)[],
  value: (report: Report) => number,
  faults: number,
): number | undefined {
  const known = reports.filter((report) => report !== undefined).map(value);
  return known.sort((a, b) => a - b)[2 * faults];
}

function reportInput({ incarnation, prepared, asked }: Omit<RejoinReport, 'type' | 'tag'>): Uint8Array {
  return agreementInput('rejoinReport', incarnation, prepared, sequenceDigest(asked));
}
