import type { Authentication } from '../kernel/authentication.ts';
import type { ParticipantId } from '../kernel/identifiers.ts';
import { type Operation, objectsOf } from '../kernel/operation.ts';
import type { ClientContext } from '../kernel/participant.ts';
import type { Deployment } from '../kernel/protocol.ts';
import { isQuery } from '../kernel/service.ts';
import { encodeRequest } from '../wire/request.ts';
import { ObjectClient } from './client.ts';
import { jointDigest } from './joint/binding.ts';
import type { ConditionedBody, ConditionedQuery, QuMessage, UpdateRequest } from './message.ts';
import type { HistoryRequester, OperationPlan } from './operation-plan.ts';
import type { QuOptions } from './options.ts';
import type { ReplicaSet } from './replica-set.ts';

/** A Q/U client: it has replicas execute its operations, on the history set that it has cached. */
export class QuClient extends ObjectClient<QuMessage> {
  readonly #deployment: Deployment<QuOptions>;

  constructor(deployment: Deployment<QuOptions>, context: ClientContext<QuMessage>) {
    super('qu', deployment, context, deployment.options.cachedHistorySet);
    this.#deployment = deployment;
  }

  receive(from: ParticipantId, message: QuMessage): void {
    if (message.type === 'reply' || message.type === 'jointReply') this.receiveReply(from, message);
    else this.ignore('unexpected');
  }

  protected planFor(operation: Operation, number: number): OperationPlan<QuMessage> {
    const { service, options } = this.#deployment;
    const request = encodeRequest(this.context.self, number, operation);
    const kind = isQuery(service, operation) ? (options.optimisticQuery ? 'query' : 'conditionedQuery') : 'update';
    return new QuPlan(kind, request, this.context.authentication, objectsOf(operation), options.cachedHistorySet);
  }
}

/** An operation as replicas are to execute it: a query on their newest version, anything else on the complete one that the history set shows. */
export class QuPlan implements OperationPlan<QuMessage> {
  readonly readsFirst: boolean;
  readonly updateType: 'update' | 'conditionedQuery';
  readonly updateDigest: Uint8Array;
  /**
   * A cached history set saves a client from requesting the replicas' histories first [QU §3.5]; so without one it requests them, in a
   * round of its own. An update on the empty set would bring them as well, but replicas that hold nothing newer would accept it, and
   * leave a candidate behind for others to repair. Optimistic queries need no set.
   */
  readonly historyRequest: HistoryRequester<QuMessage> | undefined;
  readonly jointPayload: readonly Uint8Array[];
  readonly #request: Uint8Array;

  constructor(
    kind: 'query' | 'conditionedQuery' | 'update',
    request: Uint8Array,
    authentication: Authentication,
    objects: readonly string[],
    cachesHistorySets = true,
  ) {
    const requestDigest = authentication.digest(request);
    const [object = ''] = objects;
    this.readsFirst = kind === 'query';
    this.updateType = kind === 'update' ? 'update' : 'conditionedQuery';
    this.updateDigest = objects.length > 1 ? jointDigest(authentication, { objects, requestDigest }) : requestDigest;
    this.historyRequest = cachesHistorySets ? undefined : historyRequestOf(object);
    this.jointPayload = [request];
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

  updateRequest({
    number,
    timestamp,
    historySet,
    coverage,
  }: ConditionedBody): (entries: Uint8Array, tag: Uint8Array) => UpdateRequest | ConditionedQuery {
    const body = { number, request: this.#request, timestamp, historySet, coverage };
    const type = this.updateType;
    return (entries, tag) => ({ type, body, entries, tag });
  }

  onRead(answer: Uint8Array): Uint8Array {
    return answer;
  }

  resultOf(answer: Uint8Array | undefined): Uint8Array | undefined {
    return answer;
  }
}

function historyRequestOf(object: string): HistoryRequester<QuMessage> {
  return (number, coverage, tag) => ({ type: 'historyQuery', number, object, coverage, tag });
}
