import { isReplica, type ParticipantId } from '../../src/kernel/identifiers.ts';
import { agreementInput } from './authenticator.ts';
import type { Checkpointing } from './checkpointing.ts';
import { NULL_DIGEST } from './digest.ts';
import type { PrePrepare, SequenceNumber, Status, View, Vote } from './message.ts';
import type { ReplicaState } from './state.ts';
import type { ViewChanger } from './view-changer.ts';

/** Instances whose messages are sent again in answer to one STATUS. */
const MOST_INSTANCES = 16;

/**
 * Retransmission between replicas (§5.2 of Castro's thesis): who makes no progress says what it has, and the others send again what it
 * lacks. Without loss nothing of this is sent.
 */
export class Recovery {
  readonly #state: ReplicaState;
  readonly #viewChanger: ViewChanger;
  readonly #checkpointing: Checkpointing;
  readonly #answeredUs: number[];
  /** How far each replica says it has executed. */
  readonly #executedBy: SequenceNumber[];
  #progressAtTick = -1;
  #isStalled = false;

  constructor(state: ReplicaState, viewChanger: ViewChanger, checkpointing: Checkpointing) {
    this.#state = state;
    this.#viewChanger = viewChanger;
    this.#checkpointing = checkpointing;
    this.#answeredUs = new Array<number>(state.replicas).fill(Number.NEGATIVE_INFINITY);
    this.#executedBy = new Array<SequenceNumber>(state.replicas).fill(0);
  }

  /** Whether something is under way that may need a push. */
  get awaits(): boolean {
    const { rejoining, active, log, execution, checkpoints, waiting, queue } = this.#state;
    return (
      rejoining ||
      !active ||
      waiting.size > 0 ||
      queue.size > 0 ||
      log.highest > execution.executed ||
      checkpoints.hasUnstable ||
      this.#checkpointing.isBehind ||
      this.#othersExecuted() > execution.executed
    );
  }

  /** What f+1 others have executed, so that a correct one has. */
  #othersExecuted(): SequenceNumber {
    const descending = [...this.#executedBy].sort((a, b) => b - a);
    return descending[this.#state.faults] ?? 0;
  }

  /** To be called at every tick: asks for help if nothing has moved since the one before. */
  tick(): void {
    this.#isStalled = this.#state.progress === this.#progressAtTick;
    this.#progressAtTick = this.#state.progress;
    if (!this.#isStalled) return;
    this.#multicastStatus();
    this.#repeatVotes();
    this.#checkpointing.fetch();
    this.#viewChanger.fetchMissing();
    this.#viewChanger.repeat();
  }

  /** Whether nothing had moved at the last tick. */
  get isStalled(): boolean {
    return this.#isStalled;
  }

  #multicastStatus(): void {
    const { view, active, checkpoints, execution, authenticator, context } = this.#state;
    const stable = checkpoints.stable.sequence;
    const { executed } = execution;
    const tags = authenticator.make(statusInput({ view, active, stable, executed }));
    context.count('pbft.statuses');
    this.#state.multicast({ type: 'status', view, active, stable, executed, authenticator: tags });
  }

  /**
   * Says again, in this view, what this replica said of what it still awaits. The others may have executed that in an earlier view and
   * so do not ask for these votes, but without them they cannot prepare it in this view, and their COMMITs are what is awaited.
   */
  #repeatVotes(): void {
    const { active, execution, log, view } = this.#state;
    if (!active) return;
    const last = Math.min(log.highest, execution.executed + MOST_INSTANCES);
    for (let sequence = execution.executed + 1; sequence <= last; sequence++) {
      const instance = log.find(sequence);
      if (instance === undefined || instance.committed) continue;
      for (const message of [instance.sentPrepare, instance.sentCommit]) {
        if (message?.view === view) this.#state.multicast(message);
      }
    }
  }

  onStatus(from: ParticipantId, message: Status): void {
    const { replicas, context, options, authenticator } = this.#state;
    if (!isReplica(from, replicas)) return this.#state.ignore('unexpected');
    const now = context.now();
    if (now - (this.#answeredUs[from] ?? 0) < options.statusUs / 2) return this.#state.ignore('tooOften');
    if (!authenticator.verify(from, statusInput(message), message.authenticator)) {
      return this.#state.ignore('authentication');
    }
    this.#answeredUs[from] = now;
    this.#executedBy[from] = message.executed;
    if (message.executed > this.#state.execution.executed) this.#state.keepTicking();
    let sent = this.#resendCheckpoints(from, message);
    if (message.view < this.#state.view || (message.view === this.#state.view && !message.active)) {
      sent += this.#viewChanger.help(from);
    }
    sent += this.#resendInstances(from, message);
    if (sent > 0) context.count('pbft.retransmissions', sent);
  }

  #resendCheckpoints(to: ParticipantId, { stable }: Status): number {
    let sent = 0;
    for (const { sequence, message } of this.#state.checkpoints.allHeld()) {
      if (sequence <= stable) continue;
      this.#state.context.send(to, message);
      sent++;
    }
    return sent;
  }

  /** What was said in the other's view stays said: a replica repeats it also after it has left that view. */
  #resendInstances(to: ParticipantId, { view, executed }: Status): number {
    const { log } = this.#state;
    let sent = 0;
    const last = Math.min(log.highest, executed + MOST_INSTANCES);
    for (let sequence = executed + 1; sequence <= last; sequence++) {
      const instance = log.find(sequence);
      if (instance === undefined) continue;
      // Where this replica lacks votes too, so may the others: all of them vote again, before all.
      const receivers = instance.committed ? to : this.#state.others;
      sent += this.#resend(to, view, instance.sentPrePrepare);
      sent += this.#resend(receivers, view, instance.sentPrepare);
      sent += this.#resend(receivers, view, instance.sentCommit);
    }
    return sent;
  }

  #resend(to: ParticipantId | readonly ParticipantId[], view: View, message: PrePrepare | Vote | undefined): number {
    if (message === undefined || message.view !== view) return 0;
    this.#state.context.send(to, message);
    return 1;
  }
}

const statusDigest = new Uint8Array(NULL_DIGEST.length);
const statusView = new DataView(statusDigest.buffer);

function statusInput({ view, active, stable, executed }: Omit<Status, 'type' | 'authenticator'>): Uint8Array {
  statusView.setFloat64(0, stable);
  statusView.setUint8(8, active ? 1 : 0);
  return agreementInput('status', view, executed, statusDigest);
}
