import type { ZodType } from 'zod';
import type { MessageCodec } from './codec.ts';
import type { Client, ClientContext, Replica, ReplicaContext } from './participant.ts';
import type { Service } from './service.ts';

/** What replicas and clients of one deployment know in common. */
export interface Deployment<Options> {
  /** Byzantine replicas tolerated, at least 1 (0 for the unreplicated server). */
  readonly faults: number;
  /** n: replicas in all. */
  readonly replicas: number;
  /** Replicas whose agreement decides. */
  readonly quorum: number;
  readonly options: Options;
  readonly service: Service;
}

/** Counts per operation of one kind, as a function of f. Undefined where there is no closed form under the options in force. */
export interface OperationCosts {
  /** MACs made and verified at the busiest replica, per operation that it handles. `batch` is the mean batch size that was measured. */
  readonly macsAtBusiestReplica: (parameters: CostParameters) => number | undefined;
  /** Messages sent and received at the busiest replica, per operation that it handles. */
  readonly messagesAtBusiestReplica: (parameters: CostParameters) => number | undefined;
  /** Messages sent in all, by replicas and clients, per operation. */
  readonly messagesInAll: (parameters: CostParameters) => number | undefined;
}

/** Counts per update in a failure-free run without contention: what counted runs are checked against. */
export interface CostModel extends OperationCosts {
  /** The same per query; absent where no form is stated, and runs with queries are not checked. */
  readonly query?: OperationCosts;
  /** The bottleneck MACs in the literature's own form, where it differs from this implementation's, with its source. */
  readonly published: {
    readonly macsAtBusiestReplica: (parameters: CostParameters) => number | undefined;
    readonly source: string;
  };
  /** One-way network delays of an update. */
  readonly oneWayLatencies: number;
}

export interface CostParameters {
  readonly faults: number;
  /** Requests an agreement instance carries on average; 1 where the protocol does not batch. */
  readonly batch: number;
}

/** How requests are executed, in a few words each: what a reader of a comparison must know to call it fair. */
export interface ExecutionNotes {
  /** What a query goes through, in contrast to an update. */
  readonly queries: string;
  /** Whether replicas answer before an update is decided, and the one-way delays of an update that follow from it. */
  readonly tentative: string;
}

/** A protocol as its author writes it, typed. `registerable` in erased-protocol.ts hides the types for the harness. */
export interface ProtocolDefinition<Message, Options> {
  readonly name: string;
  readonly title: string;
  /** The paper. */
  readonly reference: string;
  /** Smallest f that it can be run with. */
  readonly leastFaults: number;
  replicas(faults: number): number;
  quorum(faults: number): number;
  /** Strict schema with a default for every option; each option's description gives unit and meaning. */
  readonly options: ZodType<Options>;
  readonly execution: ExecutionNotes;
  /** The closed forms under these options, for the updates that `service` samples; what depends on neither may be one constant. */
  costModel(options: Options, service: Service): CostModel;
  codec(deployment: Deployment<Options>): MessageCodec<Message>;
  createReplica(deployment: Deployment<Options>, context: ReplicaContext<Message>): Replica<Message>;
  createClient(deployment: Deployment<Options>, context: ClientContext<Message>): Client<Message>;
}
