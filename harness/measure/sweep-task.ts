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

/** Measures, and writes histories where they were made: they are far larger than all else, and needed no longer. */
export async function carryOut(task: SweepTask, catalog: Catalog, signal: AbortSignal): Promise<Outcome> {
  const { runId, suite, simulation, historiesIn } = task;
  const measurement = measurementsOf(suite, catalog)[task.index];
  if (measurement === undefined) throw new RangeError(`suite ${suite.name} has no measurement ${task.index}`);
  const { row, failed, histories } = await measure(measurement, { runId, suite, catalog, signal, simulation });
  if (historiesIn !== undefined) writeHistories(historiesIn, row, histories);
  return { row, failed };
}
