import { Counter } from '../kernel/counters.ts';
import { type ClientId, isClient, type ParticipantId, type ReplicaId } from '../kernel/identifiers.ts';
import type { ReplicaContext } from '../kernel/participant.ts';
import type { Deployment } from '../kernel/protocol.ts';
import { type ClientRequest, decodeRequest } from '../wire/request.ts';
import { queryBytes } from './authenticated-bytes.ts';
import type { QueryRequest, QuMessage, UpdateRequest } from './message.ts';
import type { ObjectSync } from './object-sync.ts';
import type { QuOptions } from './options.ts';
import { NO_RESULT, ObjectReplica } from './replica.ts';
import { apply, decodeVersion, encodeVersion, initialVersion, type Version } from './version.ts';

interface Update {
  readonly request: ClientRequest;
  /** As the client encoded it. */
  readonly bytes: Uint8Array;
}

/** A Q/U replica: it executes updates to make new versions of the ones that they are conditioned on, and queries on its newest version. */
export class QuReplica extends ObjectReplica<QuMessage, Update, Version> {
  constructor(deployment: Deployment<QuOptions>, context: ReplicaContext<QuMessage>) {
    super('qu', deployment, context);
  }

  receive(from: ParticipantId, message: QuMessage): void {
    switch (message.type) {
      case 'update':
        return isClient(from) ? this.#onUpdate(from, message) : this.ignore('unexpected');
      case 'query':
        return isClient(from) ? this.#onQuery(from, message) : this.ignore('unexpected');
      default:
        return this.receiveShared(from, message);
    }
  }

  #onUpdate(client: ClientId, message: UpdateRequest): void {
    if (!this.isAuthentic(client, 'update', message)) return;
    const bytes = message.body.request;
    const request = decodeRequest(bytes);
    if (request === undefined || request.client !== client) return this.ignore('malformed');
    this.perform({ client, message, object: this.object(request.operation.object), update: { request, bytes } });
  }

  #onQuery(client: ClientId, message: QueryRequest): void {
    const { authentication } = this.context;
    const { number, coverage } = message;
    const bytes = queryBytes(number, authentication.digest(message.request), coverage);
    if (!authentication.verify(client, bytes, message.tag, 0)) return this.ignore('authentication');
    const request = decodeRequest(message.request);
    if (request === undefined || request.client !== client) return this.ignore('malformed');
    const { operation } = request;
    const { service } = this.deployment;
    if (service.methods.get(operation.method) !== 'query') return this.ignore('malformed');
    const object = this.object(operation.object);
    const version = object.newestVersion;
    if (version === undefined) return this.reply(client, object, number, coverage, false, NO_RESULT);
    const { result } = service.execute(version.state, operation.method, operation.argument);
    this.context.count(Counter.handled);
    this.context.count('qu.operation.query');
    this.reply(client, object, number, coverage, true, result);
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
