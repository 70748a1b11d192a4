import type { Operation } from '../kernel/operation.ts';
import type { Context } from '../kernel/participant.ts';
import { isQuery, type Service } from '../kernel/service.ts';
import type { ConditionedBody } from '../qu/message.ts';
import type { OperationPlan } from '../qu/operation-plan.ts';
import type { ReplicaSet } from '../qu/replica-set.ts';
import { NO_OPERATION, type Timestamp } from '../qu/timestamp.ts';
import { lastApplied, withApplied } from '../qu/version.ts';
import { copyOf, sameBytes } from '../wire/bytes.ts';
import type { RcwMessage, ReadRequest, WriteRequest } from './message.ts';
import { decodeValue, encodeValue, MOST_VALUE_BYTES, type Value, valueDigest } from './value.ts';
import type { ValueCache } from './value-cache.ts';

const NO_RESULT = new Uint8Array(0);

/** An update that was executed on what was read, as it is to be written. */
interface Prepared {
  /** The version that it was executed on: the only one that it may be conditioned on. */
  readonly base: Timestamp;
  readonly value: Uint8Array;
  readonly digest: Uint8Array;
  readonly result: Uint8Array;
}

/**
 * One operation [R/CW: CMU-PDL-05-107]: read the object; a query is executed on what was read, and done; an update is executed, and the value that
 * it makes is written on the condition that what was read is still the newest. Whenever another version has become the newest, it is
 * read and executed on anew.
 */
export class ReadThenWrite implements OperationPlan<RcwMessage> {
  readonly readsFirst: boolean;
  readonly updateType = 'update';
  /** The object's name. */
  readonly readDigest: Uint8Array;
  readonly #operation: Operation;
  readonly #number: number;
  readonly #service: Service;
  readonly #context: Pick<Context<RcwMessage>, 'self' | 'authentication' | 'count'>;
  /** What this client has seen of objects; undefined if it is to read them always. */
  readonly #values: ValueCache | undefined;
  #prepared: Prepared | undefined;

  constructor(
    operation: Operation,
    number: number,
    service: Service,
    context: Pick<Context<RcwMessage>, 'self' | 'authentication' | 'count'>,
    values?: ValueCache,
  ) {
    this.readDigest = new TextEncoder().encode(operation.object);
    this.#operation = operation;
    this.#number = number;
    this.#service = service;
    this.#context = context;
    this.#values = values;
    // A query always asks: what is cached may be long out of date.
    const known = this.#isQuery ? undefined : values?.get(operation.object);
    this.readsFirst = known === undefined || this.onRead(known.value, known.timestamp) !== undefined;
  }

  get updateDigest(): Uint8Array {
    return this.#prepared?.digest ?? NO_OPERATION;
  }

  get #isQuery(): boolean {
    return isQuery(this.#service, this.#operation);
  }

  isReadyFor(conditionedOn: Timestamp): boolean {
    return this.#prepared !== undefined && sameBytes(this.#prepared.base, conditionedOn);
  }

  readRequest(number: number, coverage: ReplicaSet, tag: Uint8Array): ReadRequest {
    const { object } = this.#operation;
    return { type: 'read', number, object, forUpdate: !this.#isQuery, coverage, tag };
  }

  updateRequest(common: ConditionedBody): (entries: Uint8Array, tag: Uint8Array) => WriteRequest {
    const body = { ...common, object: this.#operation.object, value: this.#prepared?.value ?? NO_RESULT };
    return (entries, tag) => ({ type: 'write', body, entries, tag });
  }

  onRead(answer: Uint8Array, read: Timestamp): Uint8Array | undefined {
    const value = decodeValue(answer);
    if (value === undefined) throw new Error('correct replicas keep nothing but values');
    const { object, method, argument } = this.#operation;
    this.#values?.set(object, { timestamp: copyOf(read), value: answer });
    if (this.#isQuery) return this.#service.execute(value.state, method, argument).result;
    return this.#resultIn(value) ?? this.#prepare(value, read);
  }

  /** What the client computed is what was written. */
  resultOf(_answer: Uint8Array | undefined, written: Timestamp): Uint8Array | undefined {
    const { value, result } = this.#prepared ?? {};
    if (value !== undefined) this.#values?.set(this.#operation.object, { timestamp: copyOf(written), value });
    return result;
  }

  /**
   * An earlier write of this update may have been accepted by some replicas only, then overtaken, and yet have been completed by others: in place, or
   * by a barrier and a copy. Then the line of versions that survived has it, and to write it again would make it happen twice.
   */
  #resultIn({ applied }: Value): Uint8Array | undefined {
    const last = lastApplied(applied, this.#context.self);
    return last?.number === this.#number ? last.result : undefined;
  }

  #prepare({ state, applied }: Value, read: Timestamp): Uint8Array | undefined {
    const { authentication, self: client } = this.#context;
    const { method, argument } = this.#operation;
    const after = this.#service.execute(state, method, argument);
    const entry = { client, number: this.#number, result: after.result };
    const value = encodeValue({ state: after.state, applied: withApplied(applied, entry) });
    if (value.length > MOST_VALUE_BYTES) {
      // No replica would take it, however often it is tried.
      this.#context.count('rcw.valueTooLarge');
      return NO_RESULT;
    }
    const digest = valueDigest(authentication, this.readDigest, value);
    this.#prepared = { base: copyOf(read), value, digest, result: after.result };
    return undefined;
  }
}
