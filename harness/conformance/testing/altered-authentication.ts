import { CountedAuthentication } from '../../../src/crypto/counted-authentication.ts';
import type { MacSuite } from '../../../src/crypto/mac-suite.ts';
import type { Authentication } from '../../../src/kernel/authentication.ts';
import type { ParticipantId } from '../../../src/kernel/identifiers.ts';
import type { ClientContext, Context, ReplicaContext, TimerId } from '../../../src/kernel/participant.ts';

/** The keys of another deployment: what a stranger has. */
export function strangersAuthentication(suite: MacSuite, self: ParticipantId): Authentication {
  return new CountedAuthentication(suite, new TextEncoder().encode('not the secret of this deployment'), self);
}

/** Makes right tags and takes every tag for right. */
export function uncheckedAuthentication(inner: Authentication): Authentication {
  return {
    digestBytes: inner.digestBytes,
    tagBytes: inner.tagBytes,
    digest: (bytes) => inner.digest(bytes),
    generate: (peer, bytes, tags, offset) => inner.generate(peer, bytes, tags, offset),
    verify: (peer, bytes, tags, offset) => {
      inner.verify(peer, bytes, tags, offset);
      return true;
    },
  };
}

/** The same context with other keys. */
class RekeyedReplicaContext implements ReplicaContext<Uint8Array> {
  readonly self: ParticipantId;
  readonly incarnation: number;
  readonly authentication: Authentication;
  readonly #inner: Context<Uint8Array>;

  constructor(inner: Context<Uint8Array>, authentication: Authentication) {
    this.self = inner.self;
    this.incarnation = inner.incarnation;
    this.authentication = authentication;
    this.#inner = inner;
  }

  now(): number {
    return this.#inner.now();
  }

  random(): number {
    return this.#inner.random();
  }

  send(to: ParticipantId | readonly ParticipantId[], message: Uint8Array): void {
    this.#inner.send(to, message);
  }

  setTimer(timer: TimerId, delayUs: number): void {
    this.#inner.setTimer(timer, delayUs);
  }

  cancelTimer(timer: TimerId): void {
    this.#inner.cancelTimer(timer);
  }

  count(counter: string, amount?: number): void {
    this.#inner.count(counter, amount);
  }
}

class RekeyedClientContext extends RekeyedReplicaContext implements ClientContext<Uint8Array> {
  readonly #outer: ClientContext<Uint8Array>;

  constructor(outer: ClientContext<Uint8Array>, authentication: Authentication) {
    super(outer, authentication);
    this.#outer = outer;
  }

  complete(result: Uint8Array): void {
    this.#outer.complete(result);
  }
}

export function withAuthentication(
  context: ClientContext<Uint8Array>,
  authentication: Authentication,
): ClientContext<Uint8Array> {
  return new RekeyedClientContext(context, authentication);
}

export function replicaWithAuthentication(
  context: ReplicaContext<Uint8Array>,
  authentication: Authentication,
): ReplicaContext<Uint8Array> {
  return new RekeyedReplicaContext(context, authentication);
}
