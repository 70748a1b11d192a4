import { ignored } from '../../src/kernel/counters.ts';
import type { ClientId, ReplicaId } from '../../src/kernel/identifiers.ts';
import type { ReplicaContext } from '../../src/kernel/participant.ts';
import type { Deployment } from '../../src/kernel/protocol.ts';
import { ReplicaAuthenticator, replyInput, WHOLE_RESULT_BYTES } from './authenticator.ts';
import { Checkpoints } from './checkpoints.ts';
import type { ClientRecord, ClientTable } from './client-table.ts';
import type { Execution } from './execution.ts';
import { Log } from './log.ts';
import { type Message, primaryOf, type Reply, type SequenceNumber, type View } from './message.ts';
import type { Options } from './options.ts';
import { RequestQueue } from './request-queue.ts';

/** Ticks while something is awaited, and looks what has become of it. */
export const TICK = 0;
/** The primary's, for a batch that is held back. */
export const BATCH = 1;

/** What a client is answered. */
export interface Result {
  readonly client: ClientId;
  readonly number: number;
  readonly tentative: boolean;
  readonly result: Uint8Array;
  readonly whole: boolean;
}

/** What the parts of one replica share. Each field is changed by the parts named with it. */
export class ReplicaState {
  readonly context: ReplicaContext<Message>;
  readonly options: Options;
  readonly self: ReplicaId;
  readonly faults: number;
  readonly replicas: number;
  readonly others: readonly ReplicaId[];
  readonly authenticator: ReplicaAuthenticator;
  readonly log: Log;
  readonly checkpoints: Checkpoints;
  readonly clients: ClientTable;
  readonly execution: Execution;
  readonly queue = new RequestQueue();
  /** Clients whose request a backup has passed on and awaits, the longest awaited first; at most one request a client. */
  readonly waiting = new Map<ClientId, ClientRecord>();
  /** The view, and whether it has begun: false from the start of a view change to its new view. ViewChanger. */
  view: View = 0;
  active = true;
  /** View changes since the last execution; from the second on, each doubles the time that the next view gets. ViewChanger, Agreement. */
  viewChanges = 0;
  /** The last sequence number that the primary proposed. Agreement, ViewChanger. */
  proposed: SequenceNumber = 0;
  /** The last sequence number that the current view's NEW-VIEW chose a batch for: no PRE-PREPARE may choose another. ViewChanger. */
  chosenUpTo: SequenceNumber = 0;
  /** Whether this replica was started again and must stay silent as yet. Rejoining. */
  rejoining: boolean;
  /** Sequence numbers up to this one an earlier incarnation may have said something of; this one never does. Rejoining. */
  silentUpTo: SequenceNumber = 0;
  /** Grows with every execution, stable checkpoint and new view: an equal value at two ticks is a stall. */
  progress = 0;
  #ticking = false;

  constructor(deployment: Deployment<Options>, context: ReplicaContext<Message>, execution: Execution) {
    this.context = context;
    this.options = deployment.options;
    this.self = context.self;
    this.rejoining = context.incarnation > 0;
    this.faults = deployment.faults;
    this.replicas = deployment.replicas;
    this.others = Array.from({ length: deployment.replicas }, (_, replica) => replica).filter(
      (replica) => replica !== context.self,
    );
    this.authenticator = new ReplicaAuthenticator(context.authentication, context.self, deployment.replicas);
    this.log = new Log(deployment.options.logIntervals * deployment.options.checkpointInterval, deployment.replicas);
    this.checkpoints = new Checkpoints(deployment.replicas, deployment.faults, context.self);
    this.execution = execution;
    this.clients = execution.clients;
  }

  get primary(): ReplicaId {
    return primaryOf(this.view, this.replicas);
  }

  get isPrimary(): boolean {
    return this.primary === this.self;
  }

  /** Every message that is dropped is dropped here. */
  ignore(reason: string): void {
    this.context.count(ignored(reason));
  }

  /** A view is left: what was executed in it before it committed may never be. */
  undoTentative(): void {
    if (!this.execution.isTentative) return;
    this.execution.undo();
    this.context.count('pbft.undone');
  }

  multicast(message: Message): void {
    this.context.send(this.others, message);
  }

  /** `whole`: with the result even where another replica is designated to send it. */
  reply({ client, number, tentative, result, whole }: Result): void {
    const { context, view, options, self, replicas } = this;
    const { authentication } = context;
    const large = result.length > WHOLE_RESULT_BYTES;
    const essence = large ? authentication.digest(result) : result;
    const designated = (client + number) % replicas === self;
    const digested = large && options.digestReplies && !whole && !designated;
    const tag = new Uint8Array(authentication.tagBytes);
    const reply: Reply = { type: 'reply', view, number, tentative, digested, result: digested ? essence : result, tag };
    authentication.generate(client, replyInput(reply, large, essence), tag, 0);
    context.send(client, reply);
  }

  /** Something is awaited from now on. */
  keepTicking(): void {
    if (this.#ticking) return;
    this.#ticking = true;
    this.context.setTimer(TICK, this.options.statusUs);
  }

  ticked(): void {
    this.#ticking = false;
  }

  /** A request of a client that this replica waits for; see RequestQueue for the primary's own. */
  await(record: ClientRecord): void {
    this.waiting.set(record.client, record);
    this.keepTicking();
  }
}
