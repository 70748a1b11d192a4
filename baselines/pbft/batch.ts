import type { Authentication } from '../../src/kernel/authentication.ts';
import type { ClientRequest } from '../../src/wire/request.ts';
import { decodeRequest } from '../../src/wire/request.ts';
import { NULL_DIGEST } from './digest.ts';
import type { Digest } from './message.ts';

/**
 * A batch on the wire is one opaque byte string, put together by the primary and never encoded again: the number of requests,
 * each request after its length (32 bits each, big-endian), then the clients' authenticators in the same order. The
 * digest covers everything but the authenticators: those prove a request to the receiver that checks them, they are no part of
 * what is agreed on.
 */
export interface Batch {
  readonly bytes: Uint8Array;
  readonly digest: Digest;
  /** Empty again once the batch was executed (`release`). */
  requests: readonly ClientRequest[];
  /** What each request's tags are made over; empty like `requests`. */
  encoded: readonly Uint8Array[];
  /** Where the first authenticator begins. */
  readonly authenticatorsAt: number;
}

/** A request that waits for its place in the sequence. Its bytes are its own. */
export interface PendingRequest {
  readonly decoded: ClientRequest;
  readonly request: Uint8Array;
  readonly authenticator: Uint8Array;
}

export const NULL_BATCH: Batch = {
  bytes: new Uint8Array(4),
  digest: NULL_DIGEST,
  requests: [],
  encoded: [],
  authenticatorsAt: 4,
};

const NONE: readonly never[] = [];

/**
 * Lets go of the decoded requests of a batch that was executed: it stays in the log for others until the next stable checkpoint, and
 * some hundred batches of small objects are a burden on the garbage collector. Should it be ordered once more, exactly-once execution
 * would pass over each of them.
 */
export function release(batch: Batch): void {
  if (batch.requests.length === 0) return;
  batch.requests = NONE;
  batch.encoded = NONE;
}

const LENGTH_BYTES = 4;

/** Bytes that a request takes up in a batch. */
export function batchedBytes(pending: PendingRequest): number {
  return LENGTH_BYTES + pending.request.length + pending.authenticator.length;
}

export function composeBatch(authentication: Authentication, pending: readonly PendingRequest[]): Batch {
  let bytesNeeded = LENGTH_BYTES;
  for (const one of pending) bytesNeeded += batchedBytes(one);
  const bytes = new Uint8Array(bytesNeeded);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, pending.length);
  let offset = LENGTH_BYTES;
  for (const { request } of pending) {
    view.setUint32(offset, request.length);
    bytes.set(request, offset + LENGTH_BYTES);
    offset += LENGTH_BYTES + request.length;
  }
  const authenticatorsAt = offset;
  for (const { authenticator } of pending) {
    bytes.set(authenticator, offset);
    offset += authenticator.length;
  }
  return {
    bytes,
    digest: authentication.digest(bytes.subarray(0, authenticatorsAt)),
    requests: pending.map(({ decoded }) => decoded),
    encoded: pending.map(({ request }) => request),
    authenticatorsAt,
  };
}

/** Reads a batch of authenticators of `authenticatorBytes` each; undefined if it is malformed or empty. The result holds views of `bytes`. */
export function parseBatch(
  authentication: Authentication,
  bytes: Uint8Array,
  authenticatorBytes: number,
  batchLimit: number,
): Batch | undefined {
  if (bytes.length < LENGTH_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const count = view.getUint32(0);
  if (count === 0 || count > batchLimit) return undefined;
  const requests: ClientRequest[] = [];
  const encoded: Uint8Array[] = [];
  let offset = LENGTH_BYTES;
  for (let i = 0; i < count; i++) {
    if (offset + LENGTH_BYTES > bytes.length) return undefined;
    const end = offset + LENGTH_BYTES + view.getUint32(offset);
    if (end > bytes.length) return undefined;
    const request = bytes.subarray(offset + LENGTH_BYTES, end);
    const decoded = decodeRequest(request);
    if (decoded === undefined) return undefined;
    requests.push(decoded);
    encoded.push(request);
    offset = end;
  }
  if (offset + count * authenticatorBytes !== bytes.length) return undefined;
  const digest = authentication.digest(bytes.subarray(0, offset));
  return { bytes, digest, requests, encoded, authenticatorsAt: offset };
}
