import type { ReplicaId } from '../../src/kernel/identifiers.ts';

/** A position in the one sequence of batches; the first is 1. */
export type SequenceNumber = number;
export type View = number;
export type Digest = Uint8Array;
/** One MAC for each replica, in the order of their numbers; the sender's own is left zero. */
export type Authenticator = Uint8Array;

/** From a client, or passed on by a backup. The authenticator is the client's. */
export interface Request {
  readonly type: 'request';
  readonly request: Uint8Array;
  readonly authenticator: Authenticator;
}

/** From a client, to be executed at once [OSDI §5.1]. Each of its operations that is ordered after all is a Request under another number. */
export interface Query {
  readonly type: 'query';
  readonly request: Uint8Array;
  readonly authenticator: Authenticator;
}

export interface PrePrepare {
  readonly type: 'prePrepare';
  readonly view: View;
  readonly sequence: SequenceNumber;
  /** See batch.ts. Its digest is not sent: the receiver computes it, and the MAC covers it. */
  readonly batch: Uint8Array;
  readonly authenticator: Authenticator;
}

/** PREPARE or COMMIT. */
export interface Vote {
  readonly type: 'prepare' | 'commit';
  readonly view: View;
  readonly sequence: SequenceNumber;
  readonly digest: Digest;
  readonly authenticator: Authenticator;
}

export interface Checkpoint {
  readonly type: 'checkpoint';
  readonly sequence: SequenceNumber;
  readonly digest: Digest;
  readonly authenticator: Authenticator;
}

export interface Reply {
  readonly type: 'reply';
  readonly view: View;
  readonly number: number;
  /** Whether the request was executed before its batch committed; it then was prepared in `view`. */
  readonly tentative: boolean;
  /** Whether `result` is the digest of the result. */
  readonly digested: boolean;
  readonly result: Uint8Array;
  readonly tag: Uint8Array;
}

/** The body is opaque (view-change.ts); the authenticator is its author's, so any replica can pass it on. */
export interface ViewChange {
  readonly type: 'viewChange';
  readonly body: Uint8Array;
  readonly authenticator: Authenticator;
}

/** To the primary of `view`, or to a replica that lacks the message: "I have `author`'s VIEW-CHANGE from itself". The tag is for the receiver only. */
export interface ViewChangeAck {
  readonly type: 'viewChangeAck';
  readonly view: View;
  readonly author: ReplicaId;
  /** Of the VIEW-CHANGE's body. */
  readonly digest: Digest;
  readonly tag: Uint8Array;
}

/** Like ViewChange, from the primary of the new view. */
export interface NewView {
  readonly type: 'newView';
  readonly body: Uint8Array;
  readonly authenticator: Authenticator;
}

/** What a replica that makes no progress has; the others re-send what it lacks. */
export interface Status {
  readonly type: 'status';
  readonly view: View;
  /** False while the view change to `view` is under way. */
  readonly active: boolean;
  readonly stable: SequenceNumber;
  readonly executed: SequenceNumber;
  readonly authenticator: Authenticator;
}

/** From a replica that was started again and knows nothing (rejoining.ts). */
export interface Rejoin {
  readonly type: 'rejoin';
  readonly incarnation: number;
  readonly authenticator: Authenticator;
}

/** The answer: how far its sender prepared, and the highest view that it knows an earlier incarnation of the receiver to have asked for. */
export interface RejoinReport {
  readonly type: 'rejoinReport';
  /** The receiver's. */
  readonly incarnation: number;
  readonly prepared: SequenceNumber;
  readonly asked: View;
  readonly tag: Uint8Array;
}

export interface FetchState {
  readonly type: 'fetchState';
  readonly sequence: SequenceNumber;
  readonly authenticator: Authenticator;
}

/** Carries no MAC: the snapshot is believed for its certified digest. */
export interface State {
  readonly type: 'state';
  readonly sequence: SequenceNumber;
  readonly snapshot: Uint8Array;
}

export interface FetchBatch {
  readonly type: 'fetchBatch';
  readonly digest: Digest;
  readonly authenticator: Authenticator;
}

/** Carries no MAC: the batch is believed for its certified digest, the bodies that it refers to for theirs. */
export interface BatchBody {
  readonly type: 'batchBody';
  readonly batch: Uint8Array;
  readonly bodies: readonly Uint8Array[];
}

export type Message =
  | Request
  | Query
  | PrePrepare
  | Vote
  | Checkpoint
  | Reply
  | ViewChange
  | ViewChangeAck
  | NewView
  | Status
  | Rejoin
  | RejoinReport
  | FetchState
  | State
  | FetchBatch
  | BatchBody;

/** The primary of a view (§4.1). */
export function primaryOf(view: View, replicas: number): ReplicaId {
  return view % replicas;
}
