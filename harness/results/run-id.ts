import type { SimulationSpec } from '../runtimes/runtime.ts';
import type { Suite } from '../suites/settings.ts';
import { contentDigest } from './content-digest.ts';

/** Names a run, and its directory: time and suite. */
export function runIdOf(time: Date, suite: string): string {
  return `${time.toISOString().slice(0, 19).replaceAll(':', '')}Z-${suite}`;
}

/** Names simulated rows by all that they follow from, not by when or where: the same input gives the same rows, byte for byte. */
export function simulatedRunId(suite: Suite, simulation: SimulationSpec): string {
  // Names of files say nothing of what stands in them.
  const { topology: _, costs: __, ...settings } = suite;
  return `sim-${suite.name}-${contentDigest({ settings, simulation }).slice(0, 8)}`;
}
