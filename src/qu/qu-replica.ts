import { Counter } from '../kernel/counters.ts';
import { type ClientId, isClient, type ParticipantId, type ReplicaId } from '../kernel/identifiers.ts';
import { objectsOf } from '../kernel/operation.ts';
import type { ReplicaContext } from '../kernel/participant.ts';
import type { Deployment } from '../kernel/protocol.ts';
import { isQuery } from '../kernel/service.ts';
import { type ClientRequest, decodeRequest } from '../wire/request.ts';
import { historyQueryBytes, queryBytes } from './authenticated-bytes.ts';
import type { JointUpdate } from './joint/joint-replica.ts';
import type { JointBody } from './joint/message.ts';
import type { ConditionedQuery, HistoryQuery, QueryRequest, QuMessage, UpdateRequest } from './message.ts';
import type { ObjectSync } from './object-sync.ts';
import type { QuOptions } from './options.ts';
import { type Conditioned, NO_RESULT, ObjectReplica } from './replica.ts';
import type { ReplicaSet } from './replica-set.ts';
import type { ReplicatedObject } from './replicated-object.ts';
import { apply, applyJointly, decodeVersion, encodeVersion, initialVersion, type Version } from './version.ts';

interface Update {
  readonly type: 'update' | 'conditionedQuery';
  readonly request: ClientRequest;
  /** As the client encoded it. */
  readonly bytes: Uint8Array;
}

/**
 * A Q/U replica: it executes updates to make new versions of the ones that they are conditioned on, and queries on its newest version or on
 * the one that they are conditioned on.
 */
export class QuReplica extends ObjectReplica<QuMessage, Update, Version> {
  constructor(deployment: Deployment<QuOptions>, context: ReplicaContext<QuMessage>) {
    super('qu', deployment, context);
  }

  receive(from: ParticipantId, message: QuMessage): void {
    switch (message.type) {
      case 'update':
      case 'conditionedQuery':
        return isClient(from) ? this.#onOperation(from, message) : this.ignore('unexpected');
      case 'query':
        return isClient(from) ? this.#onQuery(from, message) : this.ignore('unexpected');
      case 'historyQuery':
        return isClient(from) ? this.#onHistoryQuery(from, message) : this.ignore('unexpected');
      default:
        return this.receiveShared(from, message);
    }
  }

  #onOperation(client: ClientId, message: UpdateRequest | ConditionedQuery): void {
    const { type } = message;
    if (!this.isAuthentic(client, type, message)) return;
    const bytes = message.body.request;
    const request = decodeRequest(bytes);
    if (request === undefined || request.client !== client) return this.ignore('malformed');
    // Over several objects it would be accepted in the first one's history only.
    if ((request.operation.others?.length ?? 0) > 0) return this.ignore('malformed');
    if (type === 'conditionedQuery' && !isQuery(this.deployment.service, request.operation))
      return this.ignore('malformed');
    this.perform({ client, message, object: this.object(request.operation.object), update: { type, request, bytes } });
  }

  #onQuery(client: ClientId, message: QueryRequest): void {
    const { authentication } = this.context;
    const { number, coverage } = message;
    const bytes = queryBytes(number, authentication.digest(message.request), coverage);
    if (!authentication.verify(client, bytes, message.tag, 0)) return this.ignore('authentication');
    const request = decodeRequest(message.request);
    if (request === undefined || request.client !== client) return this.ignore('malformed');
    if (!isQuery(this.deployment.service, request.operation)) return this.ignore('malformed');
    const object = this.object(request.operation.object);
    const version = object.newestVersion;
    if (version === undefined) return this.reply(client, object, number, coverage, false, NO_RESULT);
    this.#answerQuery(client, object, number, coverage, version, request);
  }

  #answerQuery(
    client: ClientId,
    object: ReplicatedObject<Version>,
    number: number,
    coverage: ReplicaSet,
    version: Version,
    { operation }: ClientRequest,
  ): void {
    const { result } = this.deployment.service.execute(version.state, operation.method, operation.argument);
    this.context.count(Counter.handled);
    this.context.count('qu.operation.query');
    this.reply(client, object, number, coverage, true, result);
  }

  #onHistoryQuery(client: ClientId, message: HistoryQuery): void {
    const { number, coverage } = message;
    const bytes = historyQueryBytes(number, new TextEncoder().encode(message.object), coverage);
    if (!this.context.authentication.verify(client, bytes, message.tag, 0)) return this.ignore('authentication');
    this.context.count('qu.operation.historyQuery');
    this.reply(client, this.object(message.object), number, coverage, true, NO_RESULT);
  }

  protected override answersOff(before: Version, operation: Conditioned<Update, Version>): boolean {
    const { client, message, object, update } = operation;
    if (update?.type !== 'conditionedQuery') return false;
    this.#answerQuery(client, object, message.body.number, message.body.coverage, before, update.request);
    return true;
  }

  protected initialVersion(object: string): Version {
    return initialVersion(this.deployment.service, object);
  }

  protected updateDigest({ bytes }: Update): Uint8Array {
    return this.context.authentication.digest(bytes);
  }

  protected versionAfter(before: Version, { request }: Update): Version {
    return apply(this.deployment.service, before, request);
  }

  protected jointUpdateOf(client: ClientId, { objects, payload }: JointBody): JointUpdate<Version> | undefined {
    const [bytes] = payload;
    const request = bytes === undefined || payload.length > 1 ? undefined : decodeRequest(bytes);
    if (bytes === undefined || request === undefined || request.client !== client) return undefined;
    if (!sameObjects(objectsOf(request.operation), objects)) return undefined;
    return {
      requestDigest: this.context.authentication.digest(bytes),
      versionsAfter: (before) => applyJointly(this.deployment.service, before, request),
    };
  }

  protected resultOf({ result }: Version): Uint8Array {
    return result;
  }

  protected encodeVersion(version: Version): Uint8Array {
    return encodeVersion(version);
  }

  /** The timestamp holds a digest of the operation, not of what it made: b+1 equal answers hold one of a correct replica. */
  protected provenVersion(sync: ObjectSync<unknown>, from: ReplicaId, bytes: Uint8Array): Version | undefined {
    const agreed = sync.answer(from, bytes, this.deployment.faults + 1);
    return agreed === undefined ? undefined : decodeVersion(agreed);
  }
}

function sameObjects(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((object, index) => object === b[index]);
}
