/**
 * Names of the event counters that every protocol uses for the same thing; a protocol's own counters are prefixed with its
 * name (`qu.operation.barrier`, `pbft.batches`).
 */
export const Counter = {
  /** Client: a request was sent again because answers did not come in time. */
  retries: 'client.retries',
  /** Client: waited a random time because others were at work on the same object. */
  backoffs: 'client.backoffs',
  /** Replica: a client's request that was carried out, queries included. */
  handled: 'replica.handled',
} as const;

/** Counter of messages that were dropped, one for each reason: `ignored.malformed`, `ignored.authentication`, … */
export function ignored(reason: string): string {
  return `ignored.${reason}`;
}
