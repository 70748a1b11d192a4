import type { HostSpeed } from '../micro/host-speed.ts';
import { writeHistories } from '../results/histories-file.ts';
import type { SimulationSpec } from '../runtimes/runtime.ts';
import type { Catalog } from '../suites/catalog.ts';
import { measurementsOf } from '../suites/schedule.ts';
import type { Suite } from '../suites/settings.ts';
import type { Outcome } from './campaign.ts';
import { measure } from './measure.ts';

/** One measurement of a suite as plain data: whoever gets it makes the points again, and measures the same. */
export interface SweepTask {
  readonly runId: string;
  readonly suite: Suite;
  /** For the `sim` runtime. */
  readonly simulation: SimulationSpec | undefined;
  /** Which of the suite's measurements, in their order. */
  readonly index: number;
  /** The directory under which all operations are written down; undefined if nobody asked for them. */
  readonly historiesIn: string | undefined;
}

/** Operations of a simulated run that are recorded unless all are to be written down: those of half a minute on a small machine, in some dozens of megabytes. */
const MOST_RECORDED = 500_000;

/** Measures, and writes histories where they were made: they are far larger than all else, and needed no longer. */
export async function carryOut(
  task: SweepTask,
  catalog: Catalog,
  signal: AbortSignal,
  hostSpeed?: HostSpeed,
): Promise<Outcome> {
  const { runId, suite, simulation, historiesIn } = task;
  const measurement = measurementsOf(suite, catalog)[task.index];
  if (measurement === undefined) throw new RangeError(`suite ${suite.name} has no measurement ${task.index}`);
  const recordAtMost = historiesIn === undefined ? MOST_RECORDED : undefined;
  const options = { runId, suite, catalog, signal, simulation, recordAtMost, hostSpeed };
  const { row, failed, histories } = await measure(measurement, options);
  if (historiesIn !== undefined) writeHistories(historiesIn, row, histories);
  return { row, failed };
}
