import type { Handle } from './handle.ts';
import type { StatusName } from './status.ts';

/** Thrown by a method that cannot be carried out; all states stay as they are, and the client is answered this. */
export class Refusal extends Error {
  readonly status: StatusName;
  /** What the entry in question means now. */
  readonly handle: Handle | undefined;

  constructor(status: StatusName, message: string, handle?: Handle) {
    super(message);
    this.status = status;
    this.handle = handle;
  }
}
