import type { ConditionedBody, ConditionedRequest, SharedMessage } from '../qu/message.ts';
import type { ReplicaSet } from '../qu/replica-set.ts';

/** What is the newest version of this object, and what is its history? Answered by a Reply whose result is the value. */
export interface ReadRequest {
  readonly type: 'read';
  readonly number: number;
  readonly object: string;
  /** Whether a write is to follow. A read of its own is counted as an operation carried out, one before a write is not. */
  readonly forUpdate: boolean;
  readonly coverage: ReplicaSet;
  readonly tag: Uint8Array;
}

interface WriteBody extends ConditionedBody {
  readonly object: string;
  /** An encoded Value. */
  readonly value: Uint8Array;
}

/** Make this value the object's next version; the history set must classify as a method, as Q/U calls it. */
export interface WriteRequest extends ConditionedRequest<WriteBody> {
  readonly type: 'write';
}

export type RcwMessage = ReadRequest | WriteRequest | SharedMessage;
