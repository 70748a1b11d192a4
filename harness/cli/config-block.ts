import { sumOf } from '../metrics/sum-of.ts';
import { type Catalog, named } from '../suites/catalog.ts';
import type { Point } from '../suites/points.ts';
import type { Suite } from '../suites/settings.ts';
import { workloadText } from '../suites/workloads.ts';
import { circumstances } from './circumstances.ts';
import type { PlannedRun } from './planned-run.ts';
import { spanText, textBlock } from './text-block.ts';

/** What is going to be run, in full, before it is. */
export function configBlock(runs: readonly [PlannedRun, ...PlannedRun[]], catalog: Catalog, directory: string): string {
  const [{ suite, points, measurements }, ...predictions] = runs;
  const runtime = named(catalog.runtimes, 'runtime', suite.runtime);
  const predicted = sumOf(predictions, (run) => run.measurements);
  const seconds = plannedSeconds(suite, points);
  const about = seconds === undefined ? '' : `, about ${spanText(seconds)}`;
  return textBlock('CONFIG', [
    ['suite', `${suite.name}: ${suite.title}`],
    ['protocols', protocolsText(points)],
    ['clients', `${suite.clients.join(', ')} on ${suite.drivers} driver node${suite.drivers === 1 ? '' : 's'}`],
    ...suite.workloads.map((workload) => ['workload', workloadText(workload)] as const),
    ['runtime', `${runtime.name}: ${runtime.summary}`],
    ...circumstances(runs),
    [
      'phases',
      `warm-up of at most ${suite.warmupSeconds} s, ended once steady; window of ${suite.durationSeconds} s, taken again once if disturbed; ` +
        `cool-down of ${suite.cooldownSeconds} s`,
    ],
    ['repeats', `${suite.repeat}, interleaved, in an order drawn from seed ${suite.seed}`],
    [
      'plan',
      `${points.length} points, ${measurements} measurements${about}${predicted === 0 ? '' : `; then ${predicted} simulated`}`,
    ],
    ['results', directory],
  ]);
}

function protocolsText(points: readonly Point[]): string {
  const faults = new Map<string, Set<number>>();
  for (const point of points) {
    const name = point.variant === '' ? point.protocol.name : `${point.protocol.name} (${point.variant})`;
    faults.set(name, (faults.get(name) ?? new Set()).add(point.faults));
  }
  return [...faults].map(([name, of]) => `${name} f = ${[...of].join(', ')}`).join('; ');
}

/** Bringing up and ending a deployment, and each of its nodes, in seconds; measured on two cores. */
const DEPLOYMENT_SECONDS = 0.5;
const NODE_SECONDS = 0.07;

/** How long the measurements will take; undefined in simulation, where that depends on the events. */
export function plannedSeconds(suite: Suite, points: readonly Point[]): number | undefined {
  if (suite.runtime === 'sim') return undefined;
  const phases = suite.warmupSeconds + suite.durationSeconds + suite.cooldownSeconds;
  const once = points.reduce((sum, { protocol, faults }) => {
    return sum + phases + DEPLOYMENT_SECONDS + NODE_SECONDS * (protocol.replicas(faults) + suite.drivers);
  }, 0);
  return once * suite.repeat;
}
