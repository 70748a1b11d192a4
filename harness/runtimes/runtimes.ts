import { processRuntime } from './process/process-runtime.ts';
import type { Runtime } from './runtime.ts';
import { simRuntime } from './sim/sim-runtime.ts';
import { threadRuntime } from './thread/thread-runtime.ts';

/** Every runtime that a suite can name. */
export const runtimes: readonly Runtime[] = [
  threadRuntime,
  processRuntime({ name: 'process', transport: 'unix' }),
  processRuntime({ name: 'process-tcp', transport: 'tcp' }),
  simRuntime,
];

/** Throws an Error that a person can act on if there is no such runtime. */
export function runtimeNamed(name: string): Runtime {
  const runtime = runtimes.find((candidate) => candidate.name === name);
  if (runtime !== undefined) return runtime;
  throw new Error(`unknown runtime '${name}'; there are ${runtimes.map((candidate) => candidate.name).join(', ')}`);
}
