import { Counter } from '../kernel/counters.ts';
import { type ClientId, isClient, type ParticipantId, type ReplicaId } from '../kernel/identifiers.ts';
import type { ReplicaContext } from '../kernel/participant.ts';
import type { Deployment } from '../kernel/protocol.ts';
import { queryBytes } from '../qu/authenticated-bytes.ts';
import type { JointUpdate } from '../qu/joint/joint-replica.ts';
import type { JointBody } from '../qu/joint/message.ts';
import type { ObjectSync } from '../qu/object-sync.ts';
import { NO_RESULT, ObjectReplica } from '../qu/replica.ts';
import type { ReplicatedObject } from '../qu/replicated-object.ts';
import { operationDigestOf } from '../qu/timestamp.ts';
import { sameBytes } from '../wire/bytes.ts';
import { pack } from '../wire/packing.ts';
import type { RcwMessage, ReadRequest, WriteRequest } from './message.ts';
import type { RcwOptions } from './options.ts';
import {
  initialValue,
  MOST_VALUE_BYTES,
  mayFollow,
  type StoredValue,
  storedValue,
  valueDigest,
  valuesDigest,
} from './value.ts';

/** A Read/Conditional-Write replica: it executes nothing, it keeps values under timestamps and hands out the newest. */
export class RcwReplica extends ObjectReplica<RcwMessage, StoredValue, StoredValue> {
  constructor(deployment: Deployment<RcwOptions>, context: ReplicaContext<RcwMessage>) {
    super('rcw', deployment, context);
  }

  receive(from: ParticipantId, message: RcwMessage): void {
    switch (message.type) {
      case 'write':
        return isClient(from) ? this.#onWrite(from, message) : this.ignore('unexpected');
      case 'read':
        return isClient(from) ? this.#onRead(from, message) : this.ignore('unexpected');
      default:
        return this.receiveShared(from, message);
    }
  }

  #onWrite(client: ClientId, message: WriteRequest): void {
    if (!this.isAuthentic(client, 'update', message)) return;
    const update = storedValue(message.body.value);
    if (update === undefined) return this.ignore('malformed');
    this.perform({ client, message, object: this.object(message.body.object), update });
  }

  /** Answered with the newest version, complete or not, as Q/U executes queries: the client learns from the answers which it is. */
  #onRead(client: ClientId, message: ReadRequest): void {
    const { authentication } = this.context;
    const { number, coverage } = message;
    const bytes = queryBytes(number, new TextEncoder().encode(message.object), coverage);
    if (!authentication.verify(client, bytes, message.tag, 0)) return this.ignore('authentication');
    const object = this.object(message.object);
    const newest = object.newestVersion;
    if (!message.forUpdate) this.context.count(Counter.handled);
    this.context.count('rcw.operation.read');
    this.reply(client, object, number, coverage, newest !== undefined, newest?.bytes ?? NO_RESULT);
  }

  protected initialVersion(object: string): StoredValue {
    return initialValue(this.deployment.service, object);
  }

  protected updateDigest({ bytes }: StoredValue, { nameBytes }: ReplicatedObject<StoredValue>): Uint8Array {
    return valueDigest(this.context.authentication, nameBytes, bytes);
  }

  protected versionAfter(before: StoredValue, update: StoredValue, client: ClientId): StoredValue | undefined {
    return mayFollow(before, update, client) ? update : undefined;
  }

  protected jointUpdateOf(client: ClientId, { objects, payload }: JointBody): JointUpdate<StoredValue> | undefined {
    const values = payload.map(storedValue).filter((value) => value !== undefined);
    if (values.length !== objects.length || payload.length !== objects.length) return undefined;
    return {
      requestDigest: valuesDigest(this.context.authentication, objects, payload),
      versionsAfter: (before) =>
        before.every((version, index) => {
          const value = values[index];
          return value !== undefined && mayFollow(version, value, client);
        })
          ? values
          : undefined,
    };
  }

  /** The newest versions, complete or not, as for a read of one object. */
  protected override readingOf(objects: readonly ReplicatedObject<StoredValue>[]): Uint8Array | undefined {
    const values = objects.map(({ newestVersion }) => newestVersion?.bytes).filter((bytes) => bytes !== undefined);
    const bytes = values.reduce((sum, value) => sum + value.length, 0);
    return values.length === objects.length && bytes <= MOST_VALUE_BYTES ? pack(values) : undefined;
  }

  /** Whoever writes knows the result, having computed it. */
  protected resultOf(): Uint8Array {
    return NO_RESULT;
  }

  protected encodeVersion({ bytes }: StoredValue): Uint8Array {
    return bytes;
  }

  /**
   * The timestamp holds the value's digest: one holder's answer is proof enough, where Q/U waits for b+1 equal ones. A joint write's holds one over the
   * values of all objects, and so do copies of its versions: of these b+1 equal answers are proof here, too.
   */
  protected provenVersion(
    sync: ObjectSync<unknown>,
    from: ReplicaId,
    bytes: Uint8Array,
    { nameBytes }: ReplicatedObject<StoredValue>,
  ): StoredValue | undefined {
    const digest = valueDigest(this.context.authentication, nameBytes, bytes);
    const isProven = sameBytes(digest, operationDigestOf(sync.timestamp));
    const agreed = sync.answer(from, bytes, isProven ? 1 : this.deployment.faults + 1);
    if (agreed === undefined && !isProven) this.ignore('unprovenVersion');
    return agreed === undefined ? undefined : storedValue(bytes);
  }
}
