import { readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import type { ResourceUsage } from './node-program.ts';

/**
 * CPU time of the calling thread, as Linux's scheduler counts it: `process.cpuUsage` is the whole process, in a worker, too. Undefined
 * where there is no such /proc. Memory is shared by all threads and therefore not told.
 */
export function threadUsage(): ResourceUsage {
  const file = schedulerStatistics();
  return () => ({ cpuUs: file === undefined ? undefined : readCpuUs(file), residentBytes: undefined });
}

function schedulerStatistics(): string | undefined {
  try {
    const file = `/proc/self/task/${basename(readlinkSync('/proc/thread-self'))}/schedstat`;
    return readCpuUs(file) === undefined ? undefined : file;
  } catch {
    return undefined;
  }
}

/** The first field: nanoseconds on a CPU. */
function readCpuUs(file: string): number | undefined {
  const nanoseconds = Number.parseInt(readFileSync(file, 'latin1'), 10);
  return Number.isNaN(nanoseconds) ? undefined : nanoseconds / 1e3;
}
