import { stringify } from 'yaml';
import type { CostProfile } from '../costs/cost-profile.ts';
import type { CampaignEnd } from '../measure/campaign.ts';
import { runSweep } from '../measure/sweep.ts';
import { sumOf } from '../metrics/sum-of.ts';
import { HostSpeed } from '../micro/host-speed.ts';
import type { ResultRow } from '../results/columns.ts';
import { type Manifest, manifestOf } from '../results/manifest.ts';
import type { ResultsDirectory } from '../results/results-directory.ts';
import { simulatedRunId } from '../results/run-id.ts';
import type { SimulationSpec } from '../runtimes/runtime.ts';
import { type Simulated, simulationOf } from '../runtimes/sim/simulation-of.ts';
import type { Catalog } from '../suites/catalog.ts';
import { type Point, pointsOf } from '../suites/points.ts';
import type { Suite } from '../suites/settings.ts';
import { simulatedTwin } from '../suites/simulated-twin.ts';
import type { LoadedSuite } from '../suites/suite-file.ts';
import type { Topology } from '../topologies/topology.ts';

/** One suite on one runtime: a results directory holds the rows of one or more. */
export interface PlannedRun {
  /** Of its rows. */
  readonly runId: string;
  readonly suite: Suite;
  readonly points: readonly Point[];
  readonly measurements: number;
  /** For the `sim` runtime. */
  readonly simulation: SimulationSpec | undefined;
}

/** `run` names the run as a whole, and its real rows. */
export function planReal(run: string, suite: Suite, catalog: Catalog): PlannedRun {
  const points = pointsOf(suite, catalog);
  return { runId: run, suite, points, measurements: points.length * suite.repeat, simulation: undefined };
}

/** Throws UsageError if the profile has no costs of something that is to be measured. */
export function planSimulated(suite: Suite, simulated: Simulated, catalog: Catalog): PlannedRun {
  const points = pointsOf(suite, catalog);
  const simulation = simulationOf(suite, points, simulated, catalog);
  const runId = simulatedRunId(suite, simulation);
  return { runId, suite, points, measurements: points.length * suite.repeat, simulation };
}

/** The points of a real suite, simulated on each of the topologies. Throws UsageError as above. */
export function planPredictions(
  suite: Suite,
  loaded: LoadedSuite,
  topologies: readonly Topology[],
  costs: CostProfile,
  catalog: Catalog,
): readonly PlannedRun[] {
  return topologies.map((topology) => {
    return planSimulated(simulatedTwin(suite, loaded, topology, costs), { topology, costs }, catalog);
  });
}

export interface RunOptions {
  readonly directory: ResultsDirectory;
  readonly catalog: Catalog;
  readonly signal: AbortSignal;
  /** Simulated measurements at a time. */
  readonly jobs: number;
  readonly histories: boolean;
  /** Called with every row that is finished and kept. */
  readonly onRow: (row: ResultRow) => void;
}

/** Measures what was planned, one run after the other, until all is done or one ends early. */
export async function carryOutRuns(runs: readonly PlannedRun[], options: RunOptions): Promise<CampaignEnd> {
  const { directory, catalog, signal, jobs, histories, onRow } = options;
  // What is measured is compared with what is simulated: both must be of a machine of one speed.
  const isCompared = runs.some(({ simulation }) => simulation !== undefined);
  const hostSpeed = isCompared ? new HostSpeed() : undefined;
  for (const { runId, suite, simulation } of runs) {
    const end = await runSweep({
      runId,
      suite,
      simulation,
      hostSpeed: simulation === undefined ? hostSpeed : undefined,
      catalog,
      jobs,
      signal,
      historiesIn: histories ? directory.path : undefined,
      keep: (row) => {
        directory.results.append(row);
        onRow(row);
      },
    });
    if (end !== 'finished') return end;
  }
  return 'finished';
}

/** Writes what a run was asked to do, and all that simulated rows follow from. The first of `runs` is what was asked for. */
export function writeCircumstances(
  run: string,
  started: Date,
  runs: readonly [PlannedRun, ...PlannedRun[]],
  directory: ResultsDirectory,
): void {
  const simulated = runs.flatMap(({ runId, simulation }) => (simulation === undefined ? [] : [{ runId, simulation }]));
  const manifest: Manifest = manifestOf({
    run,
    started,
    suite: runs[0].suite,
    measurements: sumOf(runs, (run) => run.measurements),
    simulations: simulated.map(({ runId, simulation }) => [runId, simulation]),
  });
  directory.write('suite.yaml', stringify(runs[0].suite));
  directory.write('manifest.json', json(manifest));
  for (const { simulation } of simulated) {
    const suffix = simulated.length === 1 ? '' : `-${simulation.topology.name}`;
    directory.write(`topology${suffix}.yaml`, stringify(simulation.topology));
  }
  // Runs of one directory have one profile: what is compared differs in where nodes run only.
  const costs = simulated[0]?.simulation.costs;
  if (costs !== undefined) directory.write('costs.json', json(costs));
}

function json(content: unknown): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}
