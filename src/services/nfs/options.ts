import { z } from 'zod';

/** So that a directory stays within its bound, whatever its files' objects are called. */
const MOST_NAMES_IN_DIRECTORY = 200;
/** Names are twice as many as files, so that there are names to create and names to remove. */
export const NAMES_PER_FILE = 2;

const share = (what: string) => z.number().min(0).max(1).describe(what);

export const nfsOptions = z
  .strictObject({
    files: z
      .int()
      .min(1)
      .max(100_000)
      .default(100)
      .describe('files that each session creates before its transactions begin; their number then goes up and down'),
    directories: z.int().min(1).max(10_000).default(10).describe('subdirectories, over which the files are spread'),
    appendShare: share("share of updates that set a file's size and time, as an append does").default(0.333),
    renameShare: share(
      'share of the other updates that rename a file, mostly into another directory; the rest are creations and removals',
    ).default(0),
    createShare: share('share of creations among creations and removals').default(0.5),
  })
  .refine(({ files, directories }) => NAMES_PER_FILE * files <= MOST_NAMES_IN_DIRECTORY * directories, {
    path: ['files'],
    message: `at most ${MOST_NAMES_IN_DIRECTORY / NAMES_PER_FILE} files for each directory`,
  });

export type NfsOptions = z.infer<typeof nfsOptions>;
