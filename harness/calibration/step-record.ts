import type { Microseconds } from '../../src/kernel/time.ts';

/** What set a step off: a message, by its kind's name, or one of these. */
export const INVOKE = '(invoke)';
export const EXPIRE = '(expire)';

/** What was done, added up over steps. */
export interface StepAmounts {
  receivedBytes: number;
  sends: number;
  sentBytes: number;
  executions: number;
  executedBytes: number;
  macsGenerated: number;
  bytesTagged: number;
  macsVerified: number;
  bytesVerified: number;
  digests: number;
  bytesDigested: number;
}

/** Steps that were alike: of one role, set off by the same, with as many messages made and operations executed. */
export interface StepRecord extends StepAmounts {
  readonly role: 'replica' | 'client';
  readonly trigger: string;
  steps: number;
  us: Microseconds;
}

/** All steps of a deployment in some time. */
export interface StepRun {
  readonly records: readonly StepRecord[];
  readonly replicas: number;
  /** Operations that clients began. */
  readonly operations: number;
}

export function emptyRecord(role: StepRecord['role'], trigger: string): StepRecord {
  return {
    role,
    trigger,
    steps: 0,
    us: 0,
    receivedBytes: 0,
    sends: 0,
    sentBytes: 0,
    executions: 0,
    executedBytes: 0,
    macsGenerated: 0,
    bytesTagged: 0,
    macsVerified: 0,
    bytesVerified: 0,
    digests: 0,
    bytesDigested: 0,
  };
}
