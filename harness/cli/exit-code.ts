/** What the process ends with. */
export const ExitCode = {
  ok: 0,
  /** Something that was run is not valid, or broke. */
  failed: 1,
  /** Asked for in a way that can't be done; nothing was run. */
  usage: 2,
  /** Ended by Ctrl-C, as shells number it. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
