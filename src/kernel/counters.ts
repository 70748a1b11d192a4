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

/** Names by reason, of which the code states a few. A name put together anew must be hashed anew where it is looked up, which takes 0.15 µs. */
const ignoredNames = new Map<string, string>();

/** Counter of messages that were dropped, one for each reason: `ignored.malformed`, `ignored.authentication`, … */
export function ignored(reason: string): string {
  let name = ignoredNames.get(reason);
  if (name === undefined) {
    name = `ignored.${reason}`;
    ignoredNames.set(reason, name);
  }
  return name;
}
