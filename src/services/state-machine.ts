import type { Operation } from '../kernel/operation.ts';
import type { Service } from '../kernel/service.ts';
import { copyOf } from '../wire/bytes.ts';
import { Limit } from '../wire/limits.ts';
import { pack, unpack } from '../wire/packing.ts';

/** A service as agreement-based protocols see it: one state that takes operations in one sequence. */
export class StateMachine {
  readonly #service: Service;
  #objects = new Map<string, Uint8Array>();

  constructor(service: Service) {
    this.#service = service;
  }

  isQuery(operation: Operation): boolean {
    return this.#service.methods.get(operation.method) === 'query';
  }

  execute(operation: Operation): Uint8Array {
    const before = this.#objects.get(operation.object) ?? this.#service.initialState(operation.object);
    const { state, result } = this.#service.execute(before, operation.method, operation.argument);
    if (state !== before) this.#objects.set(operation.object, state);
    return result;
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
  }
}
