/**
 * One operation on a replicated service: a method of one object. The same operation means the same under every
 * protocol.
 */
export interface Operation {
  /** 1 … 255 bytes of UTF-8. */
  readonly object: string;
  /** A name from the service's `methods`; 1 … 63 bytes of UTF-8. */
  readonly method: string;
  readonly argument: Uint8Array;
}

/** Whether a method only reads its object (query) or may change it (update). */
export type MethodKind = 'query' | 'update';
