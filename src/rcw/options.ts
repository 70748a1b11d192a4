import type { z } from 'zod';
import { quOptions } from '../qu/options.ts';

/** Options of Read/Conditional-Write: those of Q/U, for the same machinery. */
export const rcwOptions = quOptions;

export type RcwOptions = z.infer<typeof rcwOptions>;
