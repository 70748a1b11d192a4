import { protocols } from '../../baselines/registry.ts';
import { services } from '../../src/services/services.ts';
import { simRuntime } from '../runtimes/sim/sim-runtime.ts';
import type { Outcome } from './campaign.ts';
import { carryOut, type SweepTask } from './sweep-task.ts';

/** Carries out a task of the `sim` runtime. Whoever wants it no longer ends the thread. */
export function measureSimulated(task: SweepTask): Promise<Outcome> {
  return carryOut(task, { protocols, services, runtimes: [simRuntime] }, new AbortController().signal);
}
