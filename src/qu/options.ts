import { z } from 'zod';

/** Options of Q/U; the command line and the documentation are derived from here. */
export const quOptions = z.strictObject({
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
  leastBackoffUs: z
    .number()
    .min(1)
    .default(1_000)
    .describe('upper bound, µs, of the first random back-off under contention; doubles with each failure'),
  mostBackoffUs: z
    .number()
    .min(1)
    .default(1_000_000)
    .describe('upper bound, µs, that the random back-off does not pass'),
  mostBackoffRounds: z
    .number()
    .min(1)
    .default(16)
    .describe(
      'rounds, of the length that this client has lately seen, that the random back-off does not pass: about as many as clients contend',
    ),
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

export type QuOptions = z.infer<typeof quOptions>;
