import { z } from 'zod';
import { Limit } from '../../src/wire/limits.ts';
import { WHOLE_REQUEST_BYTES } from './authenticator.ts';

export const options = z.strictObject({
  batchLimit: z.int().min(1).max(4096).default(64).describe('most requests that one agreement instance orders'),
  batchBytes: z
    .int()
    .min(1024)
    .max(Limit.messageBytes / 2)
    .default(512 * 1024)
    .describe('bytes after which a batch takes no further request; a single request may be larger'),
  /**
   * 255 bytes is the value that Castro's thesis (§5.1.5) states for the BFT library. Not below the size up to which a request's tags are made
   * over the request itself: of larger ones they are made over its digest, so that a reference to it can be authenticated.
   */
  separateRequestBytes: z
    .int()
    .min(WHOLE_REQUEST_BYTES)
    .max(Limit.messageBytes)
    .default(255)
    .describe(
      'bytes above which a client sends its request to all replicas, and batches hold only its digest; the maximum: never',
    ),
  batchDelayUs: z
    .number()
    .min(0)
    .default(0)
    .describe('µs that the primary holds a batch that is not full back, for more requests to come; 0: none'),
  window: z
    .int()
    .min(1)
    .max(256)
    .default(16)
    .describe('most instances that the primary keeps outstanding; requests queue meanwhile'),
  partialWindow: z
    .int()
    .min(1)
    .max(256)
    .default(1)
    .describe('instances outstanding up to which a batch that is not full is proposed; beyond, it waits to grow'),
  checkpointInterval: z
    .int()
    .min(1)
    .max(4096)
    .default(128)
    .describe('K: sequence numbers from one checkpoint to the next'),
  logIntervals: z
    .int()
    .min(2)
    .max(64)
    .default(8)
    .describe('checkpoint intervals that the log has room for: L = logIntervals · K between the watermarks'),
  tentative: z
    .boolean()
    .default(true)
    .describe('replicas execute and answer once a batch is prepared; clients wait for 2f+1 such answers'),
  readOnly: z
    .boolean()
    .default(true)
    .describe(
      'queries are executed by all replicas at once, unordered; clients wait for 2f+1 equal answers, to updates too',
    ),
  digestReplies: z
    .boolean()
    .default(true)
    .describe('one replica answers with the whole result, the others with its digest, where the result is the larger'),
  retransmitUs: z
    .number()
    .min(1_000)
    .default(500_000)
    .describe('µs after which a client sends its request again, to all replicas; doubles with each time'),
  viewChangeUs: z
    .number()
    .min(1_000)
    .default(2_000_000)
    .describe(
      'µs without the awaited execution after which a backup starts a view change; doubles with each failed view',
    ),
  statusUs: z
    .number()
    .min(1_000)
    .default(250_000)
    .describe('µs without progress after which a replica asks the others for what it lacks'),
});

export type Options = z.infer<typeof options>;
