import type { ZodType } from 'zod';
import type { MethodKind, Operation } from './operation.ts';

/** What executing one method left behind. */
export interface Execution {
  /** The object's state afterwards; for a query, the very array that was handed in. */
  readonly state: Uint8Array;
  readonly result: Uint8Array;
  /** The states of the other objects afterwards, in their order; absent if all are as they were. */
  readonly others?: readonly Uint8Array[];
}

/**
 * A deterministic service of named objects. An object's state is one immutable byte string, so that a version can be kept,
 * compared, digested, and sent to another replica without the service's help; Q/U keeps several versions of an
 * object, a replicated state machine one. `execute` never changes the arrays it is handed, and copies what it
 * keeps of the argument, which is a view of a received message.
 */
export interface Service {
  readonly name: string;
  readonly methods: ReadonlyMap<string, MethodKind>;
  /** The state of an object that nobody has updated yet. */
  initialState(object: string): Uint8Array;
  /**
   * What objects that operations work on together have in common: a protocol that places objects does well to place these alike. Absent: every
   * object is for itself.
   */
  locality?(object: string): string;
  /**
   * Runs one method; `others` are the states of the operation's other objects. Total: an unknown method, a malformed argument or a wrong number
   * of objects leaves all states as they are and answers with an error result, the same on every replica.
   */
  execute(state: Uint8Array, method: string, argument: Uint8Array, others?: readonly Uint8Array[]): Execution;
  /**
   * What one session of the load asks for. `object` is the object that it works on, or the beginning of the names of those; `random` is uniform
   * in [0, 1), from the run's one seed.
   */
  operations(object: string, random: () => number): OperationSource;
}

/** Whether the operation may go the way of queries: it only reads, and that one object. */
export function isQuery(service: Service, { method, others }: Operation): boolean {
  return service.methods.get(method) === 'query' && (others === undefined || others.length === 0);
}

/** One session's operations, one after the other. */
export interface OperationSource {
  next(kind: MethodKind): Operation;
  /** What the last one resulted in, for sources that go by it. */
  heard?(operation: Operation, result: Uint8Array): void;
}

/** How a service is named, configured and made. Made once for every replica and every client driver. */
export interface ServiceDefinition {
  readonly name: string;
  readonly summary: string;
  /** Schema of the service's options, with defaults; strict. */
  readonly options: ZodType;
  create(options: unknown): Service;
}
