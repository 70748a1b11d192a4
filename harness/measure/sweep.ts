import type { HostSpeed } from '../micro/host-speed.ts';
import type { ResultRow } from '../results/columns.ts';
import type { Catalog } from '../suites/catalog.ts';
import { measurementsOf } from '../suites/schedule.ts';
import { SIMULATED } from '../suites/settings.ts';
import { type CampaignEnd, runCampaign } from './campaign.ts';
import { SweepPool } from './sweep-pool.ts';
import { carryOut, type SweepTask } from './sweep-task.ts';

/** All measurements of one suite. */
export interface Sweep extends Omit<SweepTask, 'index'> {
  readonly catalog: Catalog;
  /** Simulated measurements at a time, each in a thread of its own; real ones would take the cores from each other. */
  readonly jobs: number;
  readonly signal: AbortSignal;
  /** For real nodes: how fast the machine is stands in their rows. */
  readonly hostSpeed?: HostSpeed | undefined;
  /** Called in the suite's order, as soon as a measurement and all before it are over. */
  keep(row: ResultRow): void;
}

/** Measures a suite. Simulated rows are the same for every number of jobs, and so is their order. */
export async function runSweep({ catalog, jobs, signal, hostSpeed, keep, ...task }: Sweep): Promise<CampaignEnd> {
  const measurements = measurementsOf(task.suite, catalog).length;
  const threads = task.suite.runtime === SIMULATED ? Math.min(jobs, measurements) : 1;
  const pool = threads > 1 ? new SweepPool(threads) : undefined;
  try {
    return await runCampaign({
      measurements,
      jobs: threads,
      signal,
      measure: (index, either) => {
        const one = { ...task, index };
        return pool === undefined ? carryOut(one, catalog, either, hostSpeed) : pool.run(one, either);
      },
      keep: ({ row }) => keep(row),
    });
  } finally {
    await pool?.close();
  }
}
