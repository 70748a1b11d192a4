/**
 * One operation on a replicated service: a method of one object, which may work on others too, atomically. The same operation means the
 * same under every protocol.
 */
export interface Operation {
  /** 1 … 255 bytes of UTF-8. */
  readonly object: string;
  /** Further objects that an update reads or changes, in the order that its method expects; all different, `object` not among them. */
  readonly others?: readonly string[];
  /** A name from the service's `methods`; 1 … 63 bytes of UTF-8. */
  readonly method: string;
  readonly argument: Uint8Array;
}

/** All that an operation works on, its first object first. */
export function objectsOf({ object, others = [] }: Operation): readonly string[] {
  return [object, ...others];
}

/** Whether a method only reads (query), or may change what it works on (update). A query of several objects is carried out as an update. */
export type MethodKind = 'query' | 'update';
