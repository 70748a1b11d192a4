import { z } from 'zod';
import { objectOptions } from '../qu/options.ts';

/**
 * Options of Read/Conditional-Write: those of the machinery that it shares with Q/U, and one of its own. Q/U's switches of the cached history set
 * and of optimistic queries are not among them: every read brings the histories, and is answered with the newest version.
 *
 * Its own one is off by default because the protocol is published as a read and then a conditional write, and that is what a comparison with Q/U is
 * about: the round that handing out values costs. With it a client that alone writes an object needs one round, as in Q/U.
 */
export const rcwOptions = objectOptions.extend({
  writeFromCache: z
    .boolean()
    .default(false)
    .describe(
      'whether an update on the version that the client itself wrote or read last begins with the write; the read follows only if others have written since',
    ),
});

export type RcwOptions = z.infer<typeof rcwOptions>;
