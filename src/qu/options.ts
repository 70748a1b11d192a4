import { z } from 'zod';
import { MOST_CANDIDATES } from './replica-history.ts';

/**
 * Options of protocols with Q/U's histories, which take effect in what they share; the command line and the documentation are derived
 * from here. The switches turn off one optimisation each.
 */
export const objectOptions = z.strictObject({
  inlineRepair: z
    .boolean()
    .default(true)
    .describe('candidates that are repairable but not complete are completed in place; off: by a barrier and a copy'),
  preferredQuorum: z
    .boolean()
    .default(true)
    .describe(
      'clients send the operations of an object to the same quorum; off: to a random one each time, so that replicas must fetch versions',
    ),
  pruning: z
    .boolean()
    .default(true)
    .describe('a method prunes what is older than the complete candidate that it is conditioned on'),
  mostUnpruned: z
    .int()
    .min(2)
    .max(MOST_CANDIDATES / 2)
    .default(64)
    .describe('with pruning off: candidates that a method leaves in a history at most; the oldest are pruned beyond'),
  probeUs: z
    .number()
    .min(1_000)
    .default(500_000)
    .describe(
      'µs without enough answers after which a client asks all replicas instead of the preferred quorum; doubles each time',
    ),
  suspicionUs: z
    .number()
    .min(0)
    .default(10_000_000)
    .describe('µs for which a client passes over a replica that did not answer'),
  backoff: z
    .enum(['exponential', 'fixed', 'none'])
    .default('exponential')
    .describe(
      'how a client waits under contention: a random time within a bound that grows, within a fixed one, or not at all, which some five clients at one object do not bear',
    ),
  leastBackoffUs: z
    .number()
    .min(1)
    .default(1_000)
    .describe('exponential: upper bound, µs, of the first random back-off; doubles with each failure'),
  mostBackoffUs: z
    .number()
    .min(1)
    .default(1_000_000)
    .describe('exponential: upper bound, µs, that the random back-off does not pass'),
  mostBackoffRounds: z
    .number()
    .min(1)
    .default(16)
    .describe(
      'exponential: rounds, of the length that this client has lately seen, that the random back-off does not pass: about as many as clients contend',
    ),
  fixedBackoffUs: z.number().min(1).default(4_000).describe('fixed: upper bound, µs, of every random back-off'),
  syncRetryUs: z
    .number()
    .min(1_000)
    .default(200_000)
    .describe('µs after which a replica that misses a version asks its holders again'),
  cachedObjects: z
    .int()
    .min(1)
    .default(10_000)
    .describe('objects whose history sets a client keeps; the least recently used one goes first'),
});

export type ObjectOptions = z.infer<typeof objectOptions>;

/** Options of Q/U: those, and switches for what only Q/U has. */
export const quOptions = objectOptions.extend({
  cachedHistorySet: z
    .boolean()
    .default(true)
    .describe(
      'clients keep the history set of an object; off: each operation that needs it begins with a round that asks for it',
    ),
  optimisticQuery: z
    .boolean()
    .default(true)
    .describe(
      'replicas execute queries on their newest version; off: on the version that the client’s history set shows, or refuse if theirs is newer',
    ),
});

export type QuOptions = z.infer<typeof quOptions>;
