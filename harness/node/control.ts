import type { ReplicaId } from '../../src/kernel/identifiers.ts';
import type { Microseconds } from '../../src/kernel/time.ts';
import type { NodeRole, NodeSample, RunSpec } from '../runtimes/runtime.ts';
import type { DriverHistory } from '../workload/history.ts';

/** Where a node listens for others. */
export type SocketAddress =
  | { readonly transport: 'unix'; readonly path: string }
  | { readonly transport: 'tcp'; readonly port: number };

/** What a node must know to be made. */
export interface NodeSetup {
  readonly spec: RunSpec;
  readonly role: NodeRole;
  /** How many nodes of this role there were before, which this one replaces. */
  readonly incarnation: number;
}

/** What the parent asks of a node, one answer each. */
export type ControlRequest =
  /** Make the node; a replica then listens at `listen` (TCP port 0: any). */
  | {
      readonly type: 'setup';
      readonly setup: NodeSetup;
      readonly listen: SocketAddress | undefined;
      /** Connections show it, so that no stranger on this host passes for a node. */
      readonly token: string;
    }
  /** Connect to the replicas numbered below this node; `addresses` are by replica. Answered once all peers are connected. */
  | { readonly type: 'connect'; readonly addresses: readonly SocketAddress[] }
  /** Let go of a replica that is gone, so that the one in its place can connect. */
  | { readonly type: 'disconnect'; readonly replica: ReplicaId }
  /** Connect to the replica in its place, which is numbered below this node. */
  | { readonly type: 'reconnect'; readonly replica: ReplicaId; readonly address: SocketAddress }
  | { readonly type: 'start' }
  | { readonly type: 'start-load' }
  | { readonly type: 'sample' }
  | { readonly type: 'stop-load'; readonly graceUs: Microseconds }
  | { readonly type: 'close' };

export type ControlAnswer =
  | { readonly type: 'done' }
  | { readonly type: 'listening'; readonly address: SocketAddress }
  | { readonly type: 'sample'; readonly sample: NodeSample }
  | { readonly type: 'history'; readonly history: DriverHistory | undefined };

export interface RequestEnvelope {
  readonly id: number;
  readonly request: ControlRequest;
}

/** What a node says: an answer, or that it cannot go on. The node ends after `failed`. */
export type NodeMessage =
  | { readonly type: 'answer'; readonly id: number; readonly answer: ControlAnswer }
  | { readonly type: 'failed'; readonly reason: string };

/** Parent and nodes are one program, of one build; this only keeps out what others send over the same channel. */
export function isNodeMessage(value: unknown): value is NodeMessage {
  return hasType(value) && (value.type === 'answer' || value.type === 'failed');
}

export function isRequestEnvelope(value: unknown): value is RequestEnvelope {
  return typeof value === 'object' && value !== null && 'id' in value && 'request' in value && hasType(value.request);
}

function hasType(value: unknown): value is { readonly type: unknown } {
  return typeof value === 'object' && value !== null && 'type' in value;
}
