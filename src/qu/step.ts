import { concatenated } from '../wire/bytes.ts';
import type { CachedHistorySet } from './cached-history-set.ts';
import type { EncodedHistorySet } from './history-set.ts';
import type { JointBody, JointReply, JointType, ShownObject } from './joint/message.ts';
import type { ConditionedType } from './message.ts';
import type { HistoryRequester } from './operation-plan.ts';
import { INITIAL_HISTORY, newestObjectCandidate, timestampOf } from './replica-history.ts';
import type { Answer, Shown } from './round.ts';
import { INITIAL_TIMESTAMP, type Timestamp } from './timestamp.ts';

/** What a client is asking replicas to do, until a round of answers settles it. */
export type Step<Message> = ReadStep | HistoryStep<Message> | ConditionedStep | JointStep | JointHistoryStep;

interface ReadStep {
  readonly type: 'query';
  readonly cache: CachedHistorySet;
}

export interface HistoryStep<Message> {
  readonly type: 'historyQuery';
  readonly cache: CachedHistorySet;
  readonly request: HistoryRequester<Message>;
}

export interface ConditionedStep {
  readonly type: Exclude<ConditionedType, JointType>;
  readonly cache: CachedHistorySet;
  readonly timestamp: Timestamp;
  readonly historySet: EncodedHistorySet;
}

/** Over several objects. */
export interface JointStep {
  readonly type: JointType;
  readonly caches: readonly CachedHistorySet[];
  readonly body: Omit<JointBody, 'number' | 'coverage'>;
}

/** Asks for the histories of several objects and for what joint candidates in them are about; the protocol may have it read the objects, too. */
export interface JointHistoryStep {
  readonly type: 'jointHistoryQuery';
  readonly caches: readonly CachedHistorySet[];
  readonly reads: boolean;
}

export function isJoint<Message>(step: Step<Message>): step is JointStep | JointHistoryStep {
  return 'caches' in step;
}

/** What is known of the object that a round is about, or of the first of several. */
export function cacheOf<Message>(step: Step<Message>): CachedHistorySet {
  if ('cache' in step) return step.cache;
  const [first] = step.caches;
  if (first === undefined) throw new Error('a round is about an object');
  return first;
}

/** Brings up to date what is known of the step's objects. */
export function takeIn<Message>({ from, history, authenticator, others }: Answer, step: Step<Message>): void {
  cacheOf(step).update(from, history, authenticator);
  if (!isJoint(step)) return;
  for (const [index, other] of others.entries()) {
    step.caches[index + 1]?.update(from, other.history, other.authenticator);
  }
}

const NOTHING_SHOWN: ShownObject = { history: INITIAL_HISTORY, authenticator: new Uint8Array(0) };

/** What a replica shows of a step's objects, in their order. */
export function shownBy({ shown }: JointReply, { caches }: JointStep | JointHistoryStep): Shown[] {
  return caches.map((cache, index) => {
    const { history, authenticator } = shown[index] ?? NOTHING_SHOWN;
    return { history: cache.digested(history, undefined), authenticator };
  });
}

/** The timestamps of the versions that a replica reads, one after the other. */
export function newestOf(shown: readonly Shown[]): Uint8Array {
  return concatenated(
    shown.map(({ history }) => {
      const newest = newestObjectCandidate(history.history);
      return newest === undefined ? INITIAL_TIMESTAMP : timestampOf(newest);
    }),
  );
}
