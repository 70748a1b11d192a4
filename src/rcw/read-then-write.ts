import { type Operation, objectsOf } from '../kernel/operation.ts';
import type { Context } from '../kernel/participant.ts';
import { isQuery, type Service } from '../kernel/service.ts';
import { jointDigest } from '../qu/joint/binding.ts';
import type { ConditionedBody } from '../qu/message.ts';
import type { OperationPlan } from '../qu/operation-plan.ts';
import type { ReplicaSet } from '../qu/replica-set.ts';
import { NO_OPERATION, type Timestamp } from '../qu/timestamp.ts';
import { lastApplied, withApplied } from '../qu/version.ts';
import { copyOf, sameBytes } from '../wire/bytes.ts';
import { unpack } from '../wire/packing.ts';
import type { RcwMessage, ReadRequest, WriteRequest } from './message.ts';
import { decodeValue, encodeValue, MOST_VALUE_BYTES, type Value, valueDigest, valuesDigest } from './value.ts';
import type { ValueCache } from './value-cache.ts';

const NO_RESULT = new Uint8Array(0);

/** An update that was executed on what was read, as it is to be written. */
interface Prepared {
  /** The versions that it was executed on: the only ones that it may be conditioned on. */
  readonly base: Timestamp;
  /** One for each object. */
  readonly values: readonly Uint8Array[];
  readonly digest: Uint8Array;
  readonly result: Uint8Array;
}

/**
 * One operation [R/CW: CMU-PDL-05-107]: read the objects; a query is executed on what was read, and done; an update is executed, and the values that
 * it makes are written on the condition that what was read is still the newest. Whenever another version has become the newest, it is
 * read and executed on anew.
 */
export class ReadThenWrite implements OperationPlan<RcwMessage> {
  readonly readsFirst: boolean;
  readonly updateType = 'update';
  /** The object's name. */
  readonly readDigest: Uint8Array;
  readonly #operation: Operation;
  readonly #objects: readonly string[];
  readonly #number: number;
  readonly #service: Service;
  readonly #context: Pick<Context<RcwMessage>, 'self' | 'authentication' | 'count'>;
  /** What this client has seen of objects; undefined if it is to read them always, as it does for operations over several. */
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
    this.#objects = objectsOf(operation);
    this.#number = number;
    this.#service = service;
    this.#context = context;
    this.#values = this.#objects.length > 1 ? undefined : values;
    // A query always asks: what is cached may be long out of date.
    const known = this.#isQuery ? undefined : this.#values?.get(operation.object);
    this.readsFirst = known === undefined || this.onRead(known.value, known.timestamp) !== undefined;
  }

  get updateDigest(): Uint8Array {
    return this.#prepared?.digest ?? NO_OPERATION;
  }

  get jointPayload(): readonly Uint8Array[] {
    return this.#prepared?.values ?? [];
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
    const body = { ...common, object: this.#operation.object, value: this.#prepared?.values[0] ?? NO_RESULT };
    return (entries, tag) => ({ type: 'write', body, entries, tag });
  }

  onRead(answer: Uint8Array, read: Timestamp): Uint8Array | undefined {
    const { object, method, argument } = this.#operation;
    const values = this.#valuesIn(answer);
    const [value] = values;
    if (value === undefined) throw new Error('correct replicas keep nothing but values');
    this.#values?.set(object, { timestamp: copyOf(read), value: answer });
    if (this.#isQuery) return this.#service.execute(value.state, method, argument).result;
    return this.#resultIn(values) ?? this.#prepare(values, read);
  }

  /** What the client computed is what was written. */
  resultOf(_answer: Uint8Array | undefined, written: Timestamp): Uint8Array | undefined {
    const { values, result } = this.#prepared ?? {};
    const [value] = values ?? [];
    if (value !== undefined) this.#values?.set(this.#operation.object, { timestamp: copyOf(written), value });
    return result;
  }

  /** One for each object. */
  #valuesIn(answer: Uint8Array): Value[] {
    const encoded = this.#objects.length === 1 ? [answer] : readValues(answer, this.#objects.length);
    const values = encoded.map(decodeValue).filter((value) => value !== undefined);
    if (values.length !== this.#objects.length) throw new Error('correct replicas keep nothing but values');
    return values;
  }

  /**
   * An earlier write of this update may have been accepted by some replicas only, then overtaken, and yet have been completed by others: in place, or
   * by a barrier and a copy. Then the line of versions that survived has it, and to write it again would make it happen twice. Over several objects it
   * survived in all of them or in none.
   */
  #resultIn(values: readonly Value[]): Uint8Array | undefined {
    const last = values.map(({ applied }) => lastApplied(applied, this.#context.self));
    return last.find((entry) => entry?.number === this.#number)?.result;
  }

  #prepare(read: readonly Value[], base: Timestamp): Uint8Array | undefined {
    const { self: client } = this.#context;
    const { method, argument } = this.#operation;
    const [first = NO_RESULT, ...others] = read.map(({ state }) => state);
    const after = this.#service.execute(first, method, argument, others);
    const states = [after.state, ...(after.others ?? others)];
    const entry = { client, number: this.#number, result: after.result };
    const values = read.map(({ state, applied }, index) =>
      encodeValue({ state: states[index] ?? state, applied: withApplied(applied, entry) }),
    );
    // All of them go into one message.
    if (values.reduce((sum, value) => sum + value.length, 0) > MOST_VALUE_BYTES) {
      // No replica would take it, however often it is tried.
      this.#context.count('rcw.valueTooLarge');
      return NO_RESULT;
    }
    this.#prepared = { base: copyOf(base), values, digest: this.#digestOf(values), result: after.result };
    return undefined;
  }

  #digestOf(values: readonly Uint8Array[]): Uint8Array {
    const { authentication } = this.#context;
    const [value = NO_RESULT] = values;
    if (this.#objects.length === 1) return valueDigest(authentication, this.readDigest, value);
    const requestDigest = valuesDigest(authentication, this.#objects, values);
    return jointDigest(authentication, { objects: this.#objects, requestDigest });
  }
}

/** What a replica packs to show several objects' values. */
function readValues(answer: Uint8Array, count: number): Uint8Array[] {
  const fields = unpack(answer);
  return Array.from({ length: count }, () => fields.bytes(0, MOST_VALUE_BYTES));
}
