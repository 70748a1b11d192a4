import type { Operation } from '../kernel/operation.ts';
import { isQuery, type Service } from '../kernel/service.ts';
import { copyOf } from '../wire/bytes.ts';
import { Limit } from '../wire/limits.ts';
import { pack, unpack } from '../wire/packing.ts';

/** A service as agreement-based protocols see it: one state that takes operations in one sequence. */
export class StateMachine {
  readonly #service: Service;
  #objects = new Map<string, Uint8Array>();
  /**
   * Objects that operations have changed since `begin`, and the states before, oldest first; undefined where there was none. The arrays are
   * never emptied, since V8 would let their memory go and every batch have them grow again; what counts are the first `#changes`.
   */
  readonly #changed: string[] = [];
  readonly #former: (Uint8Array | undefined)[] = [];
  #changes = 0;
  #remembers = false;

  constructor(service: Service) {
    this.#service = service;
  }

  isQuery(operation: Operation): boolean {
    return isQuery(this.#service, operation);
  }

  execute(operation: Operation): Uint8Array {
    const { object, method, argument, others } = operation;
    if (others !== undefined && others.length > 0) return this.#executeOnSeveral(operation, others);
    const known = this.#objects.get(object);
    const before = known ?? this.#service.initialState(object);
    const { state, result } = this.#service.execute(before, method, argument);
    if (state !== before) this.#set(object, known, state);
    return result;
  }

  #executeOnSeveral({ object, method, argument }: Operation, others: readonly string[]): Uint8Array {
    const before = this.#stateOf(object);
    const othersBefore = others.map((other) => this.#stateOf(other));
    const execution = this.#service.execute(before, method, argument, othersBefore);
    if (execution.state !== before) this.#set(object, this.#objects.get(object), execution.state);
    for (const [index, other] of others.entries()) {
      const after = execution.others?.[index];
      if (after !== undefined && after !== othersBefore[index]) this.#set(other, this.#objects.get(other), after);
    }
    return execution.result;
  }

  #stateOf(object: string): Uint8Array {
    return this.#objects.get(object) ?? this.#service.initialState(object);
  }

  /** `former` is the state so far, undefined where there was none. */
  #set(object: string, former: Uint8Array | undefined, state: Uint8Array): void {
    if (this.#remembers) {
      this.#changed[this.#changes] = object;
      this.#former[this.#changes] = former;
      this.#changes++;
    }
    this.#objects.set(object, state);
  }

  /** What is executed from now on can be undone, until it is kept. Object states are immutable, so the former ones are all that it takes. */
  begin(): void {
    this.#remembers = true;
  }

  /** What was executed since `begin` stands. */
  keep(): void {
    this.#changes = 0;
    this.#remembers = false;
  }

  /** The state is again what it was at `begin`. */
  undo(): void {
    for (let i = this.#changes - 1; i >= 0; i--) {
      const object = this.#changed[i];
      const former = this.#former[i];
      if (object === undefined) continue;
      if (former === undefined) this.#objects.delete(object);
      else this.#objects.set(object, former);
    }
    this.keep();
  }

  /** The whole state, the same bytes for equal states: names and object states, sorted by name. */
  snapshot(): Uint8Array {
    const names = [...this.#objects.keys()].sort();
    const fields: (string | Uint8Array)[] = [];
    for (const name of names) {
      const state = this.#objects.get(name);
      if (state !== undefined) fields.push(name, state);
    }
    return pack(fields);
  }

  /** Throws MalformedMessage if the bytes are no snapshot; the state is then as it was. */
  restore(snapshot: Uint8Array): void {
    const objects = new Map<string, Uint8Array>();
    const fields = unpack(snapshot);
    while (fields.remaining > 0) {
      const name = fields.string(Limit.objectNameLength);
      objects.set(name, copyOf(fields.bytes(0, Limit.messageBytes)));
    }
    this.#objects = objects;
    this.keep();
  }
}
