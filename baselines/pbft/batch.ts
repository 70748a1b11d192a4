import type { Authentication } from '../../src/kernel/authentication.ts';
import type { ClientId } from '../../src/kernel/identifiers.ts';
import { copyOf } from '../../src/wire/bytes.ts';
import { chunkedCopyOf, chunkedZeros } from '../../src/wire/chunked-bytes.ts';
import { readUint32, writeUint32 } from '../../src/wire/integers.ts';
import type { ClientRequest } from '../../src/wire/request.ts';
import { decodeRequest } from '../../src/wire/request.ts';
import { equalBytes, NULL_DIGEST } from './digest.ts';
import type { Digest, Request } from './message.ts';

/**
 * A batch on the wire is one opaque byte string, put together by the primary and never encoded again: the number of requests,
 * each request after its length (32 bits each, big-endian), then the clients' authenticators in the same order. The
 * digest covers everything but the authenticators: those prove a request to the receiver that checks them, they are no part of
 * what is agreed on.
 *
 * A large request, which its client has sent to all replicas itself, is only referred to (separate request transmission, Castro's thesis
 * §5.1.5): in its place stand client, number and digest, and the length has its highest bit set. Such a batch is proposed, voted for
 * and kept only with all bodies at hand, so whoever has it can hand it on.
 */
export interface Batch {
  readonly bytes: Uint8Array;
  readonly digest: Digest;
  /** Empty again once the batch was executed (`release`). Where a body is missing, what the reference says of it. */
  requests: ClientRequest[];
  /** What each request's tags are made over; empty like `requests`. */
  encoded: Uint8Array[];
  /** Where the first authenticator begins. */
  readonly authenticatorsAt: number;
  readonly references: readonly Reference[];
}

/** The place of a large request in a batch. */
export interface Reference {
  /** Which of the requests it is. */
  readonly index: number;
  readonly client: ClientId;
  readonly number: number;
  readonly digest: Digest;
  body: Uint8Array | undefined;
}

/** A request that waits for its place in the sequence. Its bytes are its own. */
export interface PendingRequest {
  readonly decoded: ClientRequest;
  readonly request: Uint8Array;
  readonly authenticator: Uint8Array;
  /** Of a request that batches only refer to; undefined for others. */
  readonly digest: Digest | undefined;
}

const NONE: never[] = [];

/**
 * What is kept of a request: copies, since its message lies in the buffer that it came in. The argument is copied apart: for a view of the
 * small copied request, or to decode that, V8 would have to move it out of its heap.
 */
export function pendingRequest(
  { client, number, operation }: ClientRequest,
  { request, authenticator }: Request,
  digest: Digest | undefined,
): PendingRequest {
  const { object, method, argument, others = NONE } = operation;
  return {
    decoded: { client, number, operation: { object, method, argument: copyOf(argument), others } },
    request: copyOf(request),
    authenticator: chunkedCopyOf(authenticator),
    digest,
  };
}

const NO_BYTES = new Uint8Array(0);
const NO_OPERATION = { object: '', method: '', argument: NO_BYTES };

export const NULL_BATCH: Batch = {
  bytes: new Uint8Array(4),
  digest: NULL_DIGEST,
  requests: NONE,
  encoded: NONE,
  authenticatorsAt: 4,
  references: NONE,
};

/**
 * Lets go of the decoded requests of a batch that was executed: it stays in the log for others until the next stable checkpoint, and
 * some hundred batches of small objects are a burden on the garbage collector. Should it be ordered once more, exactly-once execution
 * would pass over each of them. Bodies that it refers to stay with its references.
 */
export function release(batch: Batch): void {
  if (batch.requests.length === 0) return;
  batch.requests = NONE;
  batch.encoded = NONE;
}

const LENGTH_BYTES = 4;
const REFERS = 0x8000_0000;
const DIGEST_BYTES = 32;
const REFERENCE_BYTES = 4 + 8 + DIGEST_BYTES;

/** Bytes that a request takes up in a batch, the body included: whoever lacks it is sent the whole batch in one message. */
export function batchedBytes(pending: PendingRequest): number {
  return LENGTH_BYTES + pending.request.length + pending.authenticator.length;
}

export function composeBatch(authentication: Authentication, pending: readonly PendingRequest[]): Batch {
  let bytesNeeded = LENGTH_BYTES;
  for (const { digest, request, authenticator } of pending) {
    bytesNeeded += LENGTH_BYTES + (digest === undefined ? request.length : REFERENCE_BYTES) + authenticator.length;
  }
  const bytes = chunkedZeros(bytesNeeded);
  writeUint32(bytes, 0, pending.length);
  const references: Reference[] = [];
  let offset = LENGTH_BYTES;
  let index = 0;
  for (const { request, digest, decoded } of pending) {
    if (digest === undefined) {
      writeUint32(bytes, offset, request.length);
      bytes.set(request, offset + LENGTH_BYTES);
      offset += LENGTH_BYTES + request.length;
    } else {
      const { client, number } = decoded;
      writeUint32(bytes, offset, REFERS + REFERENCE_BYTES);
      writeUint32(bytes, offset + 4, client);
      new DataView(bytes.buffer, bytes.byteOffset).setFloat64(offset + 8, number);
      bytes.set(digest, offset + 16);
      references.push({ index, client, number, digest, body: request });
      offset += LENGTH_BYTES + REFERENCE_BYTES;
    }
    index++;
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
    references,
  };
}

/** What a batch must look like. */
export interface BatchShape {
  readonly authenticatorBytes: number;
  readonly batchLimit: number;
}

/**
 * Reads a batch; undefined if it is malformed or empty. The result holds views of `bytes`, and lacks the bodies that it
 * refers to (`supply`).
 */
export function parseBatch(
  authentication: Authentication,
  bytes: Uint8Array,
  { authenticatorBytes, batchLimit }: BatchShape,
): Batch | undefined {
  if (bytes.length < LENGTH_BYTES) return undefined;
  const count = readUint32(bytes, 0);
  if (count === 0 || count > batchLimit) return undefined;
  const entries: Entries = { requests: [], encoded: [], references: NONE };
  let offset = LENGTH_BYTES;
  for (let i = 0; i < count; i++) {
    if (offset + LENGTH_BYTES > bytes.length) return undefined;
    const length = readUint32(bytes, offset);
    const end = offset + LENGTH_BYTES + (length % REFERS);
    if (end > bytes.length) return undefined;
    const entry = bytes.subarray(offset + LENGTH_BYTES, end);
    if (!(length >= REFERS ? addReference(entries, i, entry) : addRequest(entries, entry))) return undefined;
    offset = end;
  }
  if (offset + count * authenticatorBytes !== bytes.length) return undefined;
  const digest = authentication.digest(bytes.subarray(0, offset));
  const { requests, encoded, references } = entries;
  return { bytes, digest, requests, encoded, authenticatorsAt: offset, references };
}

interface Entries {
  readonly requests: ClientRequest[];
  readonly encoded: Uint8Array[];
  references: Reference[];
}

function addRequest({ requests, encoded }: Entries, request: Uint8Array): boolean {
  const decoded = decodeRequest(request);
  if (decoded === undefined) return false;
  requests.push(decoded);
  encoded.push(request);
  return true;
}

function addReference(entries: Entries, index: number, bytes: Uint8Array): boolean {
  const reference = parseReference(index, bytes);
  if (reference === undefined) return false;
  const { client, number } = reference;
  // Batches without references, the most by far, share one array.
  if (entries.references.length === 0) entries.references = [reference];
  else entries.references.push(reference);
  entries.requests.push({ client, number, operation: NO_OPERATION });
  entries.encoded.push(NO_BYTES);
  return true;
}

function parseReference(index: number, bytes: Uint8Array): Reference | undefined {
  if (bytes.length !== REFERENCE_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const number = view.getFloat64(4);
  if (!Number.isSafeInteger(number)) return undefined;
  return { index, client: view.getUint32(0), number, digest: bytes.subarray(12), body: undefined };
}

/** Reads a batch that comes with the bodies that it refers to, in their order; undefined if anything about it is wrong. */
export function parseWholeBatch(
  authentication: Authentication,
  bytes: Uint8Array,
  bodies: readonly Uint8Array[],
  shape: BatchShape,
): Batch | undefined {
  const batch = parseBatch(authentication, bytes, shape);
  if (batch === undefined || batch.references.length !== bodies.length) return undefined;
  for (const [i, reference] of batch.references.entries()) {
    const body = bodies[i];
    if (body === undefined || !equalBytes(authentication.digest(body), reference.digest)) return undefined;
    const decoded = decodeRequest(body);
    if (decoded === undefined || !supply(batch, reference, decoded, body)) return undefined;
  }
  return batch;
}

/** Fills in a body of the reference's digest; false if it is of another client or number than the reference says. */
export function supply(batch: Batch, reference: Reference, decoded: ClientRequest, body: Uint8Array): boolean {
  if (decoded.client !== reference.client || decoded.number !== reference.number) return false;
  reference.body = body;
  batch.requests[reference.index] = decoded;
  batch.encoded[reference.index] = body;
  return true;
}

export function isComplete(batch: Batch): boolean {
  return batch.references.every(({ body }) => body !== undefined);
}

/** The bodies that a batch refers to, in their order. */
export function bodiesOf(batch: Batch): Uint8Array[] {
  return batch.references.map(({ body }) => body).filter((body) => body !== undefined);
}
