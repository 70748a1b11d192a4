import type { Authentication } from '../../kernel/authentication.ts';
import { Limit } from '../../wire/limits.ts';
import { type Field, type FieldReader, MalformedMessage } from '../../wire/packing.ts';
import { Scratch } from '../../wire/scratch.ts';
import { CANDIDATE_BYTES, type ReplicaHistory } from '../replica-history.ts';
import { isJointAt, operationDigestOf, type Timestamp } from '../timestamp.ts';

/** Objects that one repair may bring forward together. More are tangled by operations of so many clients at once that they back off first. */
export const MOST_JOINT_OBJECTS = 64;
export const MOST_BINDINGS = 128;
/** An operation over fewer is none over several: replicas would refuse to settle it alone, and nobody would ask them to settle it jointly. */
export const LEAST_JOINT_OBJECTS = 2;
export const REQUEST_DIGEST_BYTES = 32;

/**
 * What a joint candidate's operation digest is made of: which objects it makes versions of, and the operation's own digest, zeros for a
 * copy. Whoever meets such a candidate in one object's history learns from it which others it must look at; and as the digest stands in the timestamp,
 * it need believe nobody.
 */
export interface JointBinding {
  readonly objects: readonly string[];
  readonly requestDigest: Uint8Array;
}

const scratch = new Scratch();
const encoder = new TextEncoder();
/** No history's or request's digest begins so: there a name's length or MessagePack's array header stands first. */
const BINDING_MARK = 0xfe;

/** The operation digest of a joint candidate. */
export function jointDigest(authentication: Authentication, { objects, requestDigest }: JointBinding): Uint8Array {
  const names = objects.map((object) => encoder.encode(object));
  const length = names.reduce((sum, name) => sum + 2 + name.length, 2 + requestDigest.length);
  const input = scratch.ofLength(length);
  input[0] = BINDING_MARK;
  input[1] = names.length;
  let offset = 2;
  for (const name of names) {
    input[offset] = name.length >> 8;
    input[offset + 1] = name.length;
    input.set(name, offset + 2);
    offset += 2 + name.length;
  }
  input.set(requestDigest, offset);
  return authentication.digest(input);
}

/** Bindings by the operation digests that they explain. */
export class Bindings {
  readonly #authentication: Authentication;
  readonly #byDigest = new Map<string, JointBinding>();

  constructor(authentication: Authentication) {
    this.#authentication = authentication;
  }

  add(binding: JointBinding): void {
    this.#byDigest.set(keyOf(jointDigest(this.#authentication, binding)), binding);
  }

  /** Adds those that explain a joint candidate of these histories; a liar can make up others without end. */
  addFor(histories: readonly ReplicaHistory[], bindings: readonly JointBinding[]): void {
    if (bindings.length === 0) return;
    const wanted = new Set(histories.flatMap(jointCandidatesIn));
    for (const binding of bindings) {
      const key = keyOf(jointDigest(this.#authentication, binding));
      if (wanted.has(key)) this.#byDigest.set(key, binding);
    }
  }

  /** Those that explain one of these candidates, as many as a message has room for; a liar can make up others without end. */
  explaining(timestamps: Iterable<Timestamp>): JointBinding[] {
    const found = new Set<JointBinding>();
    for (const timestamp of timestamps) {
      const binding = this.of(operationDigestOf(timestamp));
      if (binding !== undefined) found.add(binding);
    }
    return [...found].slice(0, MOST_BINDINGS);
  }

  /** The binding of the joint candidate that has this operation digest. */
  of(operationDigest: Uint8Array): JointBinding | undefined {
    return this.#byDigest.get(keyOf(operationDigest));
  }
}

function jointCandidatesIn(history: ReplicaHistory): string[] {
  const found: string[] = [];
  for (let offset = 0; offset < history.length; offset += CANDIDATE_BYTES) {
    if (isJointAt(history, offset)) found.push(keyOf(operationDigestOf(history.subarray(offset))));
  }
  return found;
}

function keyOf(digest: Uint8Array): string {
  return Buffer.from(digest.buffer, digest.byteOffset, digest.length).toString('latin1');
}

export function objectFields(objects: readonly string[]): Field[] {
  return [objects.length, ...objects];
}

/** At least so many names, all different. */
export function readObjects(fields: FieldReader, least = 1): string[] {
  const count = fields.integer(MOST_JOINT_OBJECTS);
  const objects = new Set<string>();
  for (let i = 0; i < count; i++) objects.add(fields.string(Limit.objectNameLength));
  if (count < least || objects.size !== count) throw new MalformedMessage('objects');
  return [...objects];
}

export function bindingFields(bindings: readonly JointBinding[]): Field[] {
  return [
    bindings.length,
    ...bindings.flatMap(({ objects, requestDigest }) => [...objectFields(objects), requestDigest]),
  ];
}

/** Shares nothing with the bytes that are read. */
export function readBindings(fields: FieldReader): JointBinding[] {
  const count = fields.integer(MOST_BINDINGS);
  const bindings: JointBinding[] = [];
  for (let i = 0; i < count; i++) {
    const objects = readObjects(fields, LEAST_JOINT_OBJECTS);
    const requestDigest = Uint8Array.from(fields.bytes(REQUEST_DIGEST_BYTES, REQUEST_DIGEST_BYTES));
    bindings.push({ objects, requestDigest });
  }
  return bindings;
}
