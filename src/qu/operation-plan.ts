import type { ConditionedBody } from './message.ts';
import type { ReplicaSet } from './replica-set.ts';
import type { Timestamp } from './timestamp.ts';

/** Asks a replica just to show an object's history. */
export type HistoryRequester<Message> = (number: number, coverage: ReplicaSet, tag: Uint8Array) => Message;

/**
 * How a client carries out one operation: what it asks of replicas on an object that is ready, and what their answers mean. Where the operation is
 * over several objects, the timestamps of their versions stand one after the other for that of one.
 */
export interface OperationPlan<Message> {
  /** Whether the operation begins with a read, whatever the client has cached of the object. */
  readonly readsFirst: boolean;
  /** Whether an update can be conditioned on this complete version now; otherwise the object is read. */
  isReadyFor(conditionedOn: Timestamp): boolean;
  /** What stands for the update in its timestamp; NO_OPERATION where there is none yet. */
  readonly updateDigest: Uint8Array;
  /** How the update is told from other conditioned requests; a query that is no update may be conditioned as well. */
  readonly updateType: 'update' | 'conditionedQuery';
  /** Given if, without a read, the operation begins with a round that only asks for the histories. */
  readonly historyRequest?: HistoryRequester<Message> | undefined;
  /** Stands for the read in its tag. */
  readonly readDigest: Uint8Array;
  readRequest(number: number, coverage: ReplicaSet, tag: Uint8Array): Message;
  /** The update with what differs from receiver to receiver left open. */
  updateRequest(body: ConditionedBody): (entries: Uint8Array, tag: Uint8Array) => Message;
  /** The same for an operation over several objects: what its request carries beside what all such requests do. */
  readonly jointPayload: readonly Uint8Array[];
  /** `answer` was read off the complete version `read`, as b+1 replicas say. The operation's result; undefined if it goes on. */
  onRead(answer: Uint8Array, read: Timestamp): Uint8Array | undefined;
  /** The update is complete under this timestamp; b+1 replicas answered this, if so many agree. The operation's result; undefined if it goes on. */
  resultOf(answer: Uint8Array | undefined, timestamp: Timestamp): Uint8Array | undefined;
}
