import type { Execution, OperationSource, Service } from '../../../src/kernel/service.ts';

/** Counts what is executed, on whichever node: steps are taken one at a time, and each charges what it has counted and begins anew. */
export class CountedService implements Service {
  readonly name: string;
  readonly methods: Service['methods'];
  readonly locality?: (object: string) => string;
  executions = 0;
  /** Arguments and results. */
  bytes = 0;
  readonly #inner: Service;

  constructor(inner: Service) {
    this.#inner = inner;
    this.name = inner.name;
    this.methods = inner.methods;
    if (inner.locality !== undefined) this.locality = (object) => inner.locality?.(object) ?? object;
  }

  initialState(object: string): Uint8Array {
    return this.#inner.initialState(object);
  }

  execute(state: Uint8Array, method: string, argument: Uint8Array, others?: readonly Uint8Array[]): Execution {
    const execution = this.#inner.execute(state, method, argument, others);
    this.executions++;
    this.bytes += argument.length + execution.result.length;
    return execution;
  }

  operations(object: string, random: () => number): OperationSource {
    return this.#inner.operations(object, random);
  }
}
