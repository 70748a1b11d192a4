import { isReplica, type ParticipantId } from '../../src/kernel/identifiers.ts';
import { Limit } from '../../src/wire/limits.ts';
import { agreementInput, digestInput } from './authenticator.ts';
import { equalBytes, sequenceDigest } from './digest.ts';
import type { Checkpoint, FetchState, SequenceNumber, State } from './message.ts';
import type { CheckpointMark } from './new-view.ts';
import type { ReplicaState } from './state.ts';

/** What a message carries beside its one large field. */
const ENVELOPE_BYTES = 64;

/** Takes checkpoints, makes them stable, truncates the log, and fetches the state where the log no longer helps (§4.3, §5.3). */
export class Checkpointing {
  readonly #state: ReplicaState;
  /** A checkpoint that a new view starts from and this replica has not reached. */
  #required: CheckpointMark | undefined;
  #asked = 0;

  constructor(state: ReplicaState) {
    this.#state = state;
  }

  /** A batch was executed; every K-th is followed by a checkpoint. */
  executed(): void {
    const { execution, options, checkpoints } = this.#state;
    const sequence = execution.executed;
    if (sequence % options.checkpointInterval !== 0 || sequence <= checkpoints.stable.sequence) return;
    const snapshot = execution.snapshot();
    this.#announce(sequence, this.#state.context.authentication.digest(snapshot), snapshot);
  }

  onCheckpoint(from: ParticipantId, message: Checkpoint): void {
    const { checkpoints, options, log, authenticator } = this.#state;
    const { sequence, digest } = message;
    if (!isReplica(from, this.#state.replicas)) return this.#state.ignore('unexpected');
    if (sequence % options.checkpointInterval !== 0) return this.#state.ignore('malformed');
    if (sequence <= checkpoints.stable.sequence) return this.#state.ignore('old');
    if (!checkpoints.needs(from, message, log.high)) return this.#state.ignore('unneeded');
    if (!authenticator.verify(from, agreementInput('checkpoint', 0, sequence, digest), message.authenticator)) {
      return this.#state.ignore('authentication');
    }
    checkpoints.vote(from, { sequence, digest: new Uint8Array(digest) }, log.high);
    this.#state.keepTicking();
    this.#tryStabilise();
  }

  /** Whether the others agree on a state that this replica has not reached. */
  get isBehind(): boolean {
    return this.#target() !== undefined;
  }

  /** The sequence number of that state. */
  get ahead(): SequenceNumber | undefined {
    return this.#target()?.sequence;
  }

  /** A new view starts from `mark`: the log moves there, whether this replica has that state or must still fetch it. */
  startFrom(mark: CheckpointMark): void {
    const { checkpoints, execution } = this.#state;
    if (mark.sequence <= checkpoints.stable.sequence) return;
    if (execution.executed < mark.sequence) this.#required = mark;
    this.#stabilise(mark);
  }

  /** Asks one of the others for the state, another one each time. */
  fetch(): void {
    const target = this.#target();
    if (target === undefined) return;
    const { others, context, authenticator } = this.#state;
    const peer = others[this.#asked++ % others.length];
    if (peer === undefined) return;
    const { sequence } = target;
    const tags = authenticator.make(digestInput('fetchState', sequenceDigest(sequence)));
    context.send(peer, { type: 'fetchState', sequence, authenticator: tags });
  }

  onFetchState(from: ParticipantId, message: FetchState): void {
    const { checkpoints, context, authenticator } = this.#state;
    if (!isReplica(from, this.#state.replicas)) return this.#state.ignore('unexpected');
    const { sequence } = message;
    const input = digestInput('fetchState', sequenceDigest(sequence));
    if (!authenticator.verify(from, input, message.authenticator)) return this.#state.ignore('authentication');
    const held = checkpoints.held(sequence);
    if (held !== undefined && held.snapshot.length + ENVELOPE_BYTES <= Limit.messageBytes) {
      context.send(from, { type: 'state', sequence, snapshot: held.snapshot });
    } else if (held !== undefined) {
      this.#state.ignore('stateTooLarge');
    } else {
      // Asked for what was discarded: the newer checkpoint is to be asked for instead.
      const stable = checkpoints.held(checkpoints.stable.sequence);
      if (stable !== undefined && stable.sequence > sequence) context.send(from, stable.message);
    }
  }

  onState(_from: ParticipantId, message: State): void {
    const { context, execution } = this.#state;
    const target = this.#target();
    if (target === undefined || target.sequence !== message.sequence) return this.#state.ignore('unneeded');
    const snapshot = new Uint8Array(message.snapshot);
    const digest = context.authentication.digest(snapshot);
    if (!equalBytes(digest, target.digest)) return this.#state.ignore('digest');
    execution.restore(message.sequence, snapshot);
    for (const [client, record] of this.#state.waiting) {
      if (record.pending === undefined || record.pending.decoded.number > record.executed) continue;
      record.pending = undefined;
      this.#state.waiting.delete(client);
    }
    this.#required = undefined;
    this.#state.progress++;
    context.count('pbft.stateTransfers');
    this.#announce(message.sequence, digest, snapshot);
    // With this replica it is 2f+1 that hold it.
    if (message.sequence > this.#state.checkpoints.stable.sequence) this.#stabilise(target);
  }

  #target(): CheckpointMark | undefined {
    const { checkpoints, execution } = this.#state;
    const required = this.#required;
    const ahead = checkpoints.ahead(execution.executed);
    if (required === undefined || required.sequence <= execution.executed) return ahead;
    return ahead !== undefined && ahead.sequence > required.sequence ? ahead : required;
  }

  #announce(sequence: number, digest: Uint8Array, snapshot: Uint8Array): void {
    const { authenticator, checkpoints, context } = this.#state;
    const tags = authenticator.make(agreementInput('checkpoint', 0, sequence, digest));
    const message: Checkpoint = { type: 'checkpoint', sequence, digest, authenticator: tags };
    checkpoints.hold({ sequence, digest, snapshot, message });
    context.count('pbft.checkpoints');
    this.#state.multicast(message);
    this.#tryStabilise();
  }

  #tryStabilise(): void {
    const certified = this.#state.checkpoints.certified();
    if (certified !== undefined) this.#stabilise(certified);
  }

  #stabilise(mark: CheckpointMark): void {
    this.#state.checkpoints.stabilise(mark);
    this.#state.log.truncate(mark.sequence);
    this.#state.proposed = Math.max(this.#state.proposed, mark.sequence);
    this.#state.progress++;
    this.#state.context.count('pbft.stableCheckpoints');
  }
}
