import type { ClientContext } from '../kernel/participant.ts';
import { concatenated } from '../wire/bytes.ts';
import {
  conditionedRequestBytes,
  historyQueryBytes,
  jointHistoryQueryBytes,
  queryBytes,
} from './authenticated-bytes.ts';
import { objectsDigest } from './joint/digests.ts';
import type { ClientMessage, ConditionedBody, RepairRequest } from './message.ts';
import type { OperationPlan } from './operation-plan.ts';
import type { ReplicaSet } from './replica-set.ts';
import type { Round } from './round.ts';
import type { ConditionedStep, HistoryStep, JointHistoryStep, JointStep, Step } from './step.ts';

/** Makes a client's requests and sends them, each receiver's with its own tag. */
export class RequestSender<Message> {
  readonly #context: ClientContext<Message | ClientMessage>;
  /** For the tag of a request, which is encoded as soon as it is sent. */
  readonly #tag: Uint8Array;

  constructor(context: ClientContext<Message | ClientMessage>) {
    this.#context = context;
    this.#tag = new Uint8Array(context.authentication.tagBytes);
  }

  /** `coverage`: for whom answers must have authenticator entries. */
  send(step: Step<Message>, plan: OperationPlan<Message>, round: Round, coverage: ReplicaSet): void {
    switch (step.type) {
      case 'query':
        return this.#sendQuery(plan, round, coverage);
      case 'historyQuery':
        return this.#sendHistoryQuery(step, round, coverage);
      case 'jointHistoryQuery':
        return this.#sendJointHistoryQuery(step, round, coverage);
      case 'jointUpdate':
      case 'jointRepair':
        return this.#sendJoint(step, round, coverage);
      default:
        return this.#sendConditioned(step, plan, round, coverage);
    }
  }

  #sendQuery(plan: OperationPlan<Message>, { number, contacted }: Round, coverage: ReplicaSet): void {
    const { authentication } = this.#context;
    const authenticated = queryBytes(number, plan.readDigest, coverage);
    for (const replica of contacted.members) {
      authentication.generate(replica, authenticated, this.#tag, 0);
      this.#context.send(replica, plan.readRequest(number, coverage, this.#tag));
    }
  }

  #sendHistoryQuery(step: HistoryStep<Message>, { number, contacted }: Round, coverage: ReplicaSet): void {
    const { authentication } = this.#context;
    const authenticated = historyQueryBytes(number, step.cache.nameBytes, coverage);
    for (const replica of contacted.members) {
      authentication.generate(replica, authenticated, this.#tag, 0);
      this.#context.send(replica, step.request(number, coverage, this.#tag));
    }
  }

  #sendConditioned(
    step: ConditionedStep,
    plan: OperationPlan<Message>,
    { number, contacted }: Round,
    coverage: ReplicaSet,
  ): void {
    const { authentication } = this.#context;
    const { timestamp, historySet } = step;
    const requestWith = requestOf(step, plan, { number, timestamp, historySet, coverage });
    const authenticated = conditionedRequestBytes(step.type, number, timestamp, coverage);
    const tag = this.#tag;
    for (const replica of contacted.members) {
      authentication.generate(replica, authenticated, tag, 0);
      this.#context.send(replica, requestWith(step.cache.entriesFor(replica), tag));
    }
  }

  #sendJoint({ type, caches, body }: JointStep, { number, contacted }: Round, coverage: ReplicaSet): void {
    const { authentication } = this.#context;
    const whole = { ...body, number, coverage };
    const authenticated = conditionedRequestBytes(type, number, body.timestamp, coverage);
    const tag = this.#tag;
    for (const replica of contacted.members) {
      authentication.generate(replica, authenticated, tag, 0);
      const entries = concatenated(caches.map((cache) => cache.entriesFor(replica)));
      this.#context.send(replica, { type, body: whole, entries, tag });
    }
  }

  #sendJointHistoryQuery({ type, caches }: JointHistoryStep, { number, contacted }: Round, coverage: ReplicaSet): void {
    const { authentication } = this.#context;
    const objects = caches.map(({ object }) => object);
    const authenticated = jointHistoryQueryBytes(number, objectsDigest(authentication, objects), coverage);
    const tag = this.#tag;
    for (const replica of contacted.members) {
      authentication.generate(replica, authenticated, tag, 0);
      this.#context.send(replica, { type, number, objects, coverage, tag });
    }
  }
}

function requestOf<Message>(
  { type, cache }: ConditionedStep,
  plan: OperationPlan<Message>,
  common: ConditionedBody,
): (entries: Uint8Array, tag: Uint8Array) => Message | RepairRequest {
  if (type !== 'repair') return plan.updateRequest(common);
  const body = { ...common, object: cache.object };
  return (entries, tag) => ({ type, body, entries, tag });
}
