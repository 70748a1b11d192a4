import { CountedAuthentication } from '../../../src/crypto/counted-authentication.ts';
import type { MacSuite } from '../../../src/crypto/mac-suite.ts';
import type { Authentication } from '../../../src/kernel/authentication.ts';
import type { ParticipantId } from '../../../src/kernel/identifiers.ts';
import type { ClientContext, ReplicaContext } from '../../../src/kernel/participant.ts';
import { alteredContext } from '../../../src/kernel/testing/altered-context.ts';

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

export function withAuthentication(
  context: ClientContext<Uint8Array>,
  authentication: Authentication,
): ClientContext<Uint8Array> {
  return { ...alteredContext(context, { authentication }), complete: (result) => context.complete(result) };
}

export function replicaWithAuthentication(
  context: ReplicaContext<Uint8Array>,
  authentication: Authentication,
): ReplicaContext<Uint8Array> {
  return alteredContext(context, { authentication });
}
