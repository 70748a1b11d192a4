import type { CryptoCounts } from '../../src/crypto/counted-authentication.ts';
import type { ReplicaId } from '../../src/kernel/identifiers.ts';
import type { Microseconds } from '../../src/kernel/time.ts';
import type { CostProfile } from '../costs/cost-profile.ts';
import type { TrafficCounts } from '../node/participant-host.ts';
import type { Topology } from '../topologies/topology.ts';
import type { DriverHistory } from '../workload/history.ts';

/** Everything that nodes must know to take part in one measurement. Plain data: it crosses process borders. */
export interface RunSpec {
  readonly protocol: string;
  readonly protocolOptions: Readonly<Record<string, unknown>>;
  readonly faults: number;
  readonly service: string;
  readonly serviceOptions: Readonly<Record<string, unknown>>;
  /** Name of the MAC suite. */
  readonly mac: string;
  readonly seed: number;
  readonly load: LoadSpec;
  /** Where simulated nodes run and what their work costs; the `sim` runtime needs it, the others ignore it. */
  readonly simulation?: SimulationSpec;
  /**
   * Operations in all histories together, give or take one for each driver; what begins later is counted and timed, not recorded. For the `sim` runtime,
   * whose virtual time may go on for as long as it likes; the others record all.
   */
  readonly recordAtMost?: number;
}

export interface SimulationSpec {
  readonly topology: Topology;
  readonly costs: CostProfile;
  /** Whether MACs and digests are computed, or stood in for by something cheap. The counts and charged times are the same. */
  readonly crypto: 'real' | 'modelled';
}

/** A closed loop: every client keeps `outstanding` operations under way, each from a protocol client of its own. */
export interface LoadSpec {
  readonly clients: number;
  readonly outstanding: number;
  /** Nodes over which the clients are spread. */
  readonly drivers: number;
  /** One object for each outstanding operation (no contention), or one for all (full contention). */
  readonly objects: 'private' | 'shared';
  /** Share of operations that are queries, 0 … 1. */
  readonly queryShare: number;
}

export type NodeRole =
  | { readonly role: 'replica'; readonly replica: ReplicaId }
  | { readonly role: 'driver'; readonly driver: number };

/** A node's running totals since it started; a measurement is the difference of two samples. */
export interface NodeSample {
  readonly node: NodeRole;
  /** On the node's clock, the one of its histories. */
  readonly atUs: Microseconds;
  /** CPU time of the node, undefined where the runtime cannot tell it (`sim` before it has a CPU model). */
  readonly cpuUs: Microseconds | undefined;
  /** Resident memory in bytes; undefined for threads, which share theirs. */
  readonly residentBytes: number | undefined;
  readonly traffic: TrafficCounts;
  readonly crypto: CryptoCounts;
  /** Event counters of the node's participants, added up. */
  readonly counters: Readonly<Record<string, number>>;
  /** What the node's event loop did; undefined where it has none of its own. */
  readonly activity?: NodeActivity;
}

/** Of a node that is a process, or simulates one. */
export interface NodeActivity {
  /** Of the event loop. */
  readonly turns: number;
  /** How often it slept, and was woken. */
  readonly wakes: number;
  /** How often another took its core while it had work. */
  readonly preemptions: number;
  /** Pieces of what came in over a connection. */
  readonly reads: number;
  readonly writes: number;
  /** Pauses of the garbage collector, and the time that they took. */
  readonly collections: number;
  readonly collectionUs: Microseconds;
}

/** A runtime brings the nodes of one measurement up, and away again whatever happens. */
export interface Runtime {
  readonly name: string;
  readonly summary: string;
  /** Resolves once all nodes run and reach each other. Rejects with a RuntimeFailure. `signal` closes it at any time. */
  launch(spec: RunSpec, signal: AbortSignal): Promise<RunningDeployment>;
}

export interface RunningDeployment {
  /** Clients begin; they go on until `stopLoad`. */
  startLoad(): Promise<void>;
  /** Lets time pass, real or virtual. Rejects with a RuntimeFailure as soon as a node has died. */
  advance(spanUs: Microseconds): Promise<void>;
  /** The totals of all nodes, replicas first, each taken on the node itself. */
  sample(): Promise<readonly NodeSample[]>;
  /** Clients begin nothing new; resolves when all operations have ended, or after `graceUs`, with every driver's history. */
  stopLoad(graceUs: Microseconds): Promise<readonly DriverHistory[]>;
  /**
   * Kills a replica and puts one in its place that knows nothing; resolves once it runs and reaches its peers. Its totals begin anew. Absent
   * where the runtime cannot.
   */
  restart?(replica: ReplicaId): Promise<void>;
  /** Ends all nodes and waits until they are gone. Can be called at any time and more than once. */
  close(): Promise<void>;
}

/** A node did not come up, died, or could not be reached; the message says which, why, and what to do. */
export class RuntimeFailure extends Error {}
