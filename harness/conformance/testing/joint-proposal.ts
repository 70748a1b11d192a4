import type { ReplicaId } from '../../../src/kernel/identifiers.ts';
import type { ClientContext } from '../../../src/kernel/participant.ts';
import { conditionedRequestBytes } from '../../../src/qu/authenticated-bytes.ts';
import type { HistorySetSnapshot } from '../../../src/qu/cached-history-set.ts';
import type { Thresholds, WeighedHistory } from '../../../src/qu/classification.ts';
import { type Bindings, jointDigest } from '../../../src/qu/joint/binding.ts';
import { classifyGroup, type GroupClassification, unsettledJoint } from '../../../src/qu/joint/classification.ts';
import type { JointRequest } from '../../../src/qu/joint/message.ts';
import { setUpJoint } from '../../../src/qu/joint/setup.ts';
import type { QuMessage } from '../../../src/qu/message.ts';
import type { ReplicaSet } from '../../../src/qu/replica-set.ts';
import { NO_OPERATION } from '../../../src/qu/timestamp.ts';
import { copyOf } from '../../../src/wire/bytes.ts';
import { encodeRequest } from '../../../src/wire/request.ts';

/** History sets of a group of objects. */
export interface GroupView {
  readonly objects: readonly string[];
  readonly snapshots: readonly HistorySetSnapshot[];
  /** Of each object, as they count for the receiver. */
  readonly histories: readonly (readonly WeighedHistory[])[];
}

/** What a request asks for where the group calls for a method. */
export interface IntendedOperation {
  readonly number: number;
  readonly method: string;
}

export interface JointProposal {
  /** What the group calls for. */
  readonly type: GroupClassification['type'];
  /** Of the round. */
  readonly number: number;
  /** The request for that; absent if there is none. */
  readonly messageFor?: (receiver: ReplicaId, entries: Uint8Array) => QuMessage;
}

export interface Proposer {
  readonly context: ClientContext<QuMessage>;
  readonly thresholds: Thresholds;
  readonly bindings: Bindings;
  readonly coverage: ReplicaSet;
}

/** The request that a group's history sets call for. */
export function proposalFor(view: GroupView, intended: IntendedOperation, number: number, by: Proposer): JointProposal {
  const { objects, snapshots } = view;
  const { thresholds, bindings, coverage } = by;
  const { authentication, self } = by.context;
  const members = view.histories.map((histories, index) => ({ object: objects[index] ?? '', histories }));
  const classification = classifyGroup(members, bindings, thresholds);
  const isUpdate = classification.type === 'method';
  const [object = '', ...others] = objects;
  const operation = { object, others, method: intended.method, argument: new Uint8Array(0) };
  const request = encodeRequest(self, intended.number, operation);
  const requestDigest = authentication.digest(request);
  const digest = isUpdate ? jointDigest(authentication, { objects, requestDigest }) : NO_OPERATION;
  const setup = setUpJoint(classification, self, objects, digest, snapshots, authentication);
  if (setup === undefined) return { type: classification.type, number };
  const timestamp = copyOf(setup.timestamp);
  const unsettled = view.histories.flatMap((histories) => unsettledJoint(histories, thresholds));
  const body: JointRequest['body'] = {
    number,
    objects,
    timestamp,
    historySets: snapshots.map(({ set }) => set),
    bindings: isUpdate ? [] : bindings.explaining(unsettled),
    coverage,
    payload: isUpdate ? [request] : [],
  };
  const type = isUpdate ? 'jointUpdate' : 'jointRepair';
  const messageFor = (receiver: ReplicaId, entries: Uint8Array): JointRequest => {
    const tag = new Uint8Array(authentication.tagBytes);
    authentication.generate(receiver, conditionedRequestBytes(type, number, timestamp, coverage), tag, 0);
    return { type, body, entries, tag };
  };
  return { type: classification.type, number, messageFor };
}
