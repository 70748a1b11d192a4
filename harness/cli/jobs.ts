import { availableParallelism } from 'node:os';
import { UsageError } from '../suites/problem.ts';
import type { PlannedRun } from './planned-run.ts';

export const JOBS_FLAG = [
  '--jobs <count>',
  'simulated measurements at a time, each in a thread (default: as many as cores); real ones follow each other',
] as const;

/** How many simulated measurements are under way at a time. Throws UsageError. */
export function jobsOf(text: string | undefined, runs: readonly PlannedRun[]): number {
  if (text === undefined) return availableParallelism();
  if (!/^\d{1,4}$/.test(text) || Number(text) < 1)
    throw new UsageError(`--jobs: '${text}' is not a whole number above 0`);
  if (runs.every(({ simulation }) => simulation === undefined)) {
    throw new UsageError('--jobs: only simulated measurements can share the cores, and none is asked for');
  }
  return Number(text);
}
