import type { Authentication } from '../kernel/authentication.ts';
import type { ParticipantId } from '../kernel/identifiers.ts';
import type { Operation } from '../kernel/operation.ts';
import type { ClientContext } from '../kernel/participant.ts';
import type { Deployment } from '../kernel/protocol.ts';
import { encodeRequest } from '../wire/request.ts';
import { ObjectClient } from './client.ts';
import type { ConditionedBody, QuMessage, UpdateRequest } from './message.ts';
import type { OperationPlan } from './operation-plan.ts';
import type { QuOptions } from './options.ts';
import type { ReplicaSet } from './replica-set.ts';

/** A Q/U client: it has replicas execute its operations, on the history set that it has cached. */
export class QuClient extends ObjectClient<QuMessage> {
  constructor(deployment: Deployment<QuOptions>, context: ClientContext<QuMessage>) {
    super('qu', deployment, context);
  }

  receive(from: ParticipantId, message: QuMessage): void {
    if (message.type === 'reply') this.receiveReply(from, message);
    else this.ignore('unexpected');
  }

  protected planFor(operation: Operation, number: number): OperationPlan<QuMessage> {
    const request = encodeRequest(this.context.self, number, operation);
    const isQuery = this.deployment.service.methods.get(operation.method) === 'query';
    return new QuPlan(isQuery, request, this.context.authentication);
  }
}

/** An operation as replicas are to execute it, on whatever complete version is the newest. */
export class QuPlan implements OperationPlan<QuMessage> {
  readonly readsFirst: boolean;
  readonly updateDigest: Uint8Array;
  readonly #request: Uint8Array;

  constructor(isQuery: boolean, request: Uint8Array, authentication: Authentication) {
    this.readsFirst = isQuery;
    this.updateDigest = authentication.digest(request);
    this.#request = request;
  }

  get readDigest(): Uint8Array {
    return this.updateDigest;
  }

  isReadyFor(): boolean {
    return !this.readsFirst;
  }

  readRequest(number: number, coverage: ReplicaSet, tag: Uint8Array): QuMessage {
    return { type: 'query', number, request: this.#request, coverage, tag };
  }

  updateRequest(common: ConditionedBody): (entries: Uint8Array, tag: Uint8Array) => UpdateRequest {
    const body = { ...common, request: this.#request };
    return (entries, tag) => ({ type: 'update', body, entries, tag });
  }

  onRead(answer: Uint8Array): Uint8Array {
    return answer;
  }

  resultOf(answer: Uint8Array | undefined): Uint8Array | undefined {
    return answer;
  }
}
