import type { Authentication } from '../../src/kernel/authentication.ts';
import type { ReplicaId } from '../../src/kernel/identifiers.ts';
import { chunkedZeros } from '../../src/wire/chunked-bytes.ts';
import type { Authenticator, Digest, Reply } from './message.ts';

/**
 * What tags are made over: small buffers of fixed layout, of at most 55 bytes where possible, for which HMAC-SHA-256 needs one
 * block after the key's. Buffers are used again: what a function here returns is valid until its next call.
 */
const AGREEMENT = {
  prePrepare: 1,
  prepare: 2,
  commit: 3,
  checkpoint: 4,
  status: 5,
  viewChangeAck: 6,
  rejoin: 7,
  rejoinReport: 8,
} as const;
const DIGESTED = { viewChange: 16, newView: 17, fetchState: 18, fetchBatch: 19 } as const;

const agreement = new Uint8Array(1 + 8 + 8 + 32);
const agreementView = new DataView(agreement.buffer);

/** For messages about one sequence number in one view; VIEW-CHANGE-ACK has the author's number in its place. */
export function agreementInput(
  type: keyof typeof AGREEMENT,
  view: number,
  sequence: number,
  digest: Digest,
): Uint8Array {
  agreement[0] = AGREEMENT[type];
  agreementView.setFloat64(1, view);
  agreementView.setFloat64(9, sequence);
  agreement.set(digest, 17);
  return agreement;
}

const digested = new Uint8Array(1 + 32);

/** For messages that a digest stands for. */
export function digestInput(type: keyof typeof DIGESTED, digest: Digest): Uint8Array {
  digested[0] = DIGESTED[type];
  digested.set(digest, 1);
  return digested;
}

/** Requests up to this size go into the MAC as they are; of larger ones the digest, so that n tags do not read the body n times. */
export const WHOLE_REQUEST_BYTES = 119;
const requestDigest = new Uint8Array(1 + 32);

/** A client's tags for its request. Encoded requests begin with a MessagePack array, never with the 0 that marks a digest. */
export function requestInput(authentication: Authentication, request: Uint8Array): Uint8Array {
  if (request.length <= WHOLE_REQUEST_BYTES) return request;
  return digestedRequestInput(authentication.digest(request));
}

/** The same for a request of which only the digest is known. */
export function digestedRequestInput(digest: Digest): Uint8Array {
  requestDigest[0] = 0;
  requestDigest.set(digest, 1);
  return requestDigest;
}

/** Results up to this size are compared, sent and put into the MAC as they are, larger ones as their digest. */
export const WHOLE_RESULT_BYTES = 32;
const reply = new Uint8Array(8 + 8 + 1 + 1 + 32);
const replyView = new DataView(reply.buffer);

/** A replica's tag on a reply: `essence` is the result, or its digest if the result is `large`, more than WHOLE_RESULT_BYTES. */
export function replyInput(
  { view, number, tentative }: Pick<Reply, 'view' | 'number' | 'tentative'>,
  large: boolean,
  essence: Uint8Array,
): Uint8Array {
  replyView.setFloat64(0, view);
  replyView.setFloat64(8, number);
  reply[16] = tentative ? 1 : 0;
  reply[17] = large ? 255 : essence.length;
  // Most results are a few bytes: a loop takes half the time of the two calls that fill and copy.
  const end = 18 + essence.length;
  for (let i = 18; i < end; i++) reply[i] = essence[i - 18] ?? 0;
  for (let i = end; i < reply.length; i++) reply[i] = 0;
  return reply;
}

/** Makes and checks what one replica says to all others (§3.2.1: one MAC for each receiver instead of a signature). */
export class ReplicaAuthenticator {
  readonly bytes: number;
  readonly #authentication: Authentication;
  readonly #self: ReplicaId;
  readonly #replicas: number;

  constructor(authentication: Authentication, self: ReplicaId, replicas: number) {
    this.#authentication = authentication;
    this.#self = self;
    this.#replicas = replicas;
    this.bytes = replicas * authentication.tagBytes;
  }

  make(input: Uint8Array): Authenticator {
    const tags = chunkedZeros(this.bytes);
    for (let peer = 0; peer < this.#replicas; peer++) {
      if (peer !== this.#self) this.#authentication.generate(peer, input, tags, peer * this.#authentication.tagBytes);
    }
    return tags;
  }

  /** Whether `author` made this replica's entry. */
  verify(author: number, input: Uint8Array, authenticator: Authenticator, offset = 0): boolean {
    return this.#authentication.verify(
      author,
      input,
      authenticator,
      offset + this.#self * this.#authentication.tagBytes,
    );
  }
}
