import type { EncodedHistorySet } from './history-set.ts';
import type { JointHistoryQuery, JointMessage, JointReply, JointRequest, JointType } from './joint/message.ts';
import type { ReplicaHistory } from './replica-history.ts';
import type { ReplicaSet } from './replica-set.ts';
import type { Timestamp } from './timestamp.ts';

export interface ConditionedBody {
  /** Counts a client's requests, re-sent ones too: an answer belongs to one of them. */
  readonly number: number;
  /** The candidate's timestamp as the client derived it. A replica that holds it answers at once; one that derives another refuses. */
  readonly timestamp: Timestamp;
  readonly historySet: EncodedHistorySet;
  /** Replicas for which the answer's authenticator must have entries: those that the client will go to next. */
  readonly coverage: ReplicaSet;
}

export interface UpdateBody extends ConditionedBody {
  /** An encoded ClientRequest. */
  readonly request: Uint8Array;
}

export interface RepairBody extends ConditionedBody {
  readonly object: string;
}

/** What a request that is conditioned on a history set asks for, as its tag tells; a write of Read/Conditional-Write is an update. */
export type ConditionedType = 'update' | 'repair' | 'conditionedQuery' | JointType;

/** A body is one object for all receivers of a round, and is encoded once for them all. */
export interface ConditionedRequest<Body> {
  readonly body: Body;
  /** For each replica, its authenticator's entry for the receiver (`tagBytes` each); zeros where the client has none. */
  readonly entries: Uint8Array;
  readonly tag: Uint8Array;
}

/** Apply an operation: the set must classify as a method. */
export interface UpdateRequest extends ConditionedRequest<UpdateBody> {
  readonly type: 'update';
}

/**
 * Execute a query on the version that the history set shows complete, if the replica has accepted nothing newer. What is sent instead of a
 * QueryRequest where queries are not executed optimistically. Its timestamp is that which an update would get; nothing is stored under it.
 */
export interface ConditionedQuery extends ConditionedRequest<UpdateBody> {
  readonly type: 'conditionedQuery';
}

/** Bring an object back to a complete version: inline repair, barrier, or copy, as the set classifies. */
export interface RepairRequest extends ConditionedRequest<RepairBody> {
  readonly type: 'repair';
}

/**
 * Execute a query. Queries are executed optimistically on the replica's newest version [QU §3.5], so they need no history set: the client
 * learns from the answers whether that version is complete.
 */
export interface QueryRequest {
  readonly type: 'query';
  readonly number: number;
  readonly request: Uint8Array;
  readonly coverage: ReplicaSet;
  readonly tag: Uint8Array;
}

/** Just show the object's history: how a client without a cached history set begins [QU §3.5]. */
export interface HistoryQuery {
  readonly type: 'historyQuery';
  readonly number: number;
  readonly object: string;
  readonly coverage: ReplicaSet;
  readonly tag: Uint8Array;
}

export interface Reply {
  readonly type: 'reply';
  readonly number: number;
  /** Whether the replica holds the candidate now (for a query: whether it was executed). Otherwise the history says why not. */
  readonly accepted: boolean;
  readonly result: Uint8Array;
  readonly history: ReplicaHistory;
  /** The authenticator of the history: a tag for each replica; zeros for those that were not asked for. */
  readonly authenticator: Uint8Array;
  readonly tag: Uint8Array;
}

/** Replica to replica: the version of this candidate, please [QU §3.5, object syncing]. */
export interface SyncRequest {
  readonly type: 'syncRequest';
  readonly object: string;
  readonly timestamp: Timestamp;
  readonly tag: Uint8Array;
}

export interface SyncReply {
  readonly type: 'syncReply';
  readonly object: string;
  readonly timestamp: Timestamp;
  /** An encoded Version; empty if the sender has none to give: it was pruned, never there, or is too large for a message. */
  readonly version: Uint8Array;
  readonly tag: Uint8Array;
}

/** What clients send, whatever their operations are. */
export type ClientMessage = RepairRequest | JointRequest | JointHistoryQuery;

/** What replicas send. */
export type ReplicaMessage = Reply | JointReply | SyncRequest | SyncReply;

/** What Q/U's messages and those of Read/Conditional-Write have in common. */
export type SharedMessage = RepairRequest | Reply | SyncRequest | SyncReply | JointMessage;

export type QuMessage = UpdateRequest | QueryRequest | ConditionedQuery | HistoryQuery | SharedMessage;
