import { type ObjectOptions, objectOptions } from '../qu/options.ts';

/**
 * Options of Read/Conditional-Write: those of the machinery that it shares with Q/U. Every operation begins with a read, which brings the
 * histories and is answered with the newest version; so there is neither a cached history set to do without nor a query to be pessimistic about.
 */
export const rcwOptions = objectOptions;

export type RcwOptions = ObjectOptions;
