import { CountedAuthentication } from '../../../src/crypto/counted-authentication.ts';
import { hmacSha256 } from '../../../src/crypto/hmac-sha256.ts';
import { type ClientId, FIRST_CLIENT } from '../../../src/kernel/identifiers.ts';
import type { MethodKind } from '../../../src/kernel/operation.ts';
import type { ReplicaContext } from '../../../src/kernel/participant.ts';
import type { Service } from '../../../src/kernel/service.ts';
import { counterService } from '../../../src/services/counter.ts';
import { sampleOperation } from '../../../src/services/testing/sample-operation.ts';
import { encodeRequest } from '../../../src/wire/request.ts';
import { Agreement } from '../agreement.ts';
import { agreementInput, ReplicaAuthenticator } from '../authenticator.ts';
import { composeBatch, type PendingRequest } from '../batch.ts';
import { Checkpointing } from '../checkpointing.ts';
import { Execution } from '../execution.ts';
import type { Digest, Message, PrePrepare, Query, Request, Vote } from '../message.ts';
import { pbft } from '../protocol.ts';
import { Queries } from '../queries.ts';
import { ReplicaState } from '../state.ts';

const REPLICAS = 4;
export const PRIMARY = 0;
const secret = new Uint8Array(32);
export const service = counterService.create({});

const keysOf = (self: number) => new CountedAuthentication(hmacSha256, secret, self);
const authenticatorOf = (self: number) => new ReplicaAuthenticator(keysOf(self), self, REPLICAS);

/** Backup 1 of four without the others; what they would send it is made below. */
export function loneBackup(
  options: Readonly<Record<string, unknown>> = {},
  execute: (service: Service) => Execution = (given) => new Execution(given),
) {
  const sent: Message[] = [];
  const context: ReplicaContext<Message> = {
    self: 1,
    incarnation: 0,
    authentication: keysOf(1),
    now: () => 0,
    random: () => 0,
    send: (_to, message) => sent.push(message),
    setTimer: () => {},
    cancelTimer: () => {},
    count: () => {},
  };
  const deployment = { faults: 1, replicas: REPLICAS, quorum: 3, options: pbft.options.parse(options), service };
  const state = new ReplicaState(deployment, context, execute(service));
  const queries = new Queries(state);
  const checkpointing = new Checkpointing(state);
  return { sent, state, queries, checkpointing, agreement: new Agreement(state, checkpointing, queries) };
}

/** What a replica keeps of a request that waits. */
export function operation(client: ClientId, number: number, kind: MethodKind): PendingRequest {
  const decoded = { client, number, operation: sampleOperation(service, kind, 'a') };
  const request = new Uint8Array(encodeRequest(client, number, decoded.operation));
  return { decoded, request, digest: undefined, authenticator: authenticatorOf(client).make(request) };
}

/** The primary of view 0 orders an increment, the first client's unless another is named. */
export function prePrepare(sequence: number, number: number, client = FIRST_CLIENT): PrePrepare & { digest: Digest } {
  const { bytes, digest } = composeBatch(keysOf(PRIMARY), [operation(client, number, 'update')]);
  const tags = authenticatorOf(PRIMARY).make(agreementInput('prePrepare', 0, sequence, digest));
  return { type: 'prePrepare', view: 0, sequence, batch: bytes, authenticator: tags, digest };
}

export function vote(
  from: number,
  type: Vote['type'],
  { sequence, digest }: { sequence: number; digest: Digest },
): Vote {
  const tags = authenticatorOf(from).make(agreementInput(type, 0, sequence, digest));
  return { type, view: 0, sequence, digest, authenticator: tags };
}

export function query(client: ClientId, number: number): Query {
  const { request, authenticator } = operation(client, number, 'query');
  return { type: 'query', request, authenticator };
}

/** An increment as its client sends it. */
export function update(client: ClientId, number: number): Request {
  const { request, authenticator } = operation(client, number, 'update');
  return { type: 'request', request, authenticator };
}
