import { z } from 'zod';
import { quOptions } from '../qu/options.ts';

/**
 * Options of Read/Conditional-Write: those of Q/U, for the same machinery, and one of its own. That one is off by default because the
 * protocol is published as a read and then a conditional write, and that is what a comparison with Q/U is about: the round that
 * handing out values costs. With it a client that alone writes an object needs one round, as in Q/U.
 */
export const rcwOptions = quOptions.extend({
  writeFromCache: z
    .boolean()
    .default(false)
    .describe(
      'whether an update on the version that the client itself wrote or read last begins with the write; the read follows only if others have written since',
    ),
});

export type RcwOptions = z.infer<typeof rcwOptions>;
