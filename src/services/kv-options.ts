import { z } from 'zod';
import { LEAST_TRANSFER_VALUE_BYTES } from './transfer.ts';

/** The longest value that a key may hold. */
export const MOST_VALUE_BYTES = 64 * 1024;

const optionFields = z.strictObject({
  keys: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(1_000)
    .describe('keys in each set: one set for each session, or one shared by all'),
  distribution: z.enum(['uniform', 'zipfian']).default('uniform').describe('how often each key is asked for'),
  zipfExponent: z
    .number()
    .min(0)
    .max(10)
    .default(0.99)
    .describe('how skewed the Zipfian distribution is; 0 is uniform'),
  valueBytes: z.int().min(8).max(MOST_VALUE_BYTES).default(64).describe('bytes of each value that is written'),
  swapShare: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('share of updates that are compare-and-swaps, on the version that the session last saw'),
  transferShare: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe(
      'share of updates that are transfers between two different keys; needs keys of 2 and valueBytes of 16 or more',
    ),
});

export const kvOptions = optionFields.superRefine(({ keys, valueBytes, swapShare, transferShare }, context) => {
  const refuse = (path: keyof KvOptions, message: string) =>
    context.addIssue({ code: 'custom', path: [path], message });
  // Both shares may be sums of decimal fractions, which rarely add up to 1 exactly.
  if (swapShare + transferShare > 1 + Number.EPSILON)
    refuse('transferShare', 'swapShare and transferShare are together more than 1');
  if (transferShare === 0) return;
  if (keys < 2) refuse('transferShare', 'a transfer is between two keys: set keys to 2 or more, or transferShare to 0');
  if (valueBytes < LEAST_TRANSFER_VALUE_BYTES) {
    refuse(
      'valueBytes',
      `a transfer writes a balance and a note: set valueBytes to ${LEAST_TRANSFER_VALUE_BYTES} or more, or transferShare to 0`,
    );
  }
});

export type KvOptions = z.infer<typeof optionFields>;
