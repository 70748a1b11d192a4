import type { EncodedHistorySet } from '../history-set.ts';
import type { ReplicaHistory } from '../replica-history.ts';
import type { ReplicaSet } from '../replica-set.ts';
import type { Timestamp } from '../timestamp.ts';
import type { JointBinding } from './binding.ts';

/** A request over several objects, conditioned on the history sets of all; one object for all receivers of a round, and encoded once for them. */
export interface JointBody {
  readonly number: number;
  /** An update's in the order that its method expects, a repair's in any. */
  readonly objects: readonly string[];
  readonly timestamp: Timestamp;
  /** In the order of the objects. */
  readonly historySets: readonly EncodedHistorySet[];
  /** Of the joint candidates that the sets show unsettled; an update needs none. */
  readonly bindings: readonly JointBinding[];
  readonly coverage: ReplicaSet;
  /** What the update is, as the protocol says; nothing for a repair. */
  readonly payload: readonly Uint8Array[];
}

export type JointType = 'jointUpdate' | 'jointRepair';

/** An update of several objects, or a repair that brings several back to complete versions together. */
export interface JointRequest {
  readonly type: JointType;
  readonly body: JointBody;
  /** For each object in turn, what a request over one object has for it. */
  readonly entries: Uint8Array;
  readonly tag: Uint8Array;
}

/** Show the histories of these objects, and what joint candidates in them are about. */
export interface JointHistoryQuery {
  readonly type: 'jointHistoryQuery';
  readonly number: number;
  readonly objects: readonly string[];
  readonly coverage: ReplicaSet;
  readonly tag: Uint8Array;
}

/** One object in an answer. */
export interface ShownObject {
  readonly history: ReplicaHistory;
  readonly authenticator: Uint8Array;
}

export interface JointReply {
  readonly type: 'jointReply';
  readonly number: number;
  /** Whether the replica holds the candidate now, in all objects. */
  readonly accepted: boolean;
  readonly result: Uint8Array;
  /** In the order of the request's objects. */
  readonly shown: readonly ShownObject[];
  /** Of joint candidates in those histories, if the request was not accepted. */
  readonly bindings: readonly JointBinding[];
  readonly tag: Uint8Array;
}

export type JointMessage = JointRequest | JointHistoryQuery | JointReply;
