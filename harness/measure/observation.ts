import { Counter } from '../../src/kernel/counters.ts';
import type { Microseconds } from '../../src/kernel/time.ts';
import type { NodeSample, RunningDeployment, RunSpec, Runtime } from '../runtimes/runtime.ts';
import type { DriverHistory } from '../workload/history.ts';

/** How long each phase of a measurement takes. */
export interface Phases {
  /** At most; the warm-up ends earlier once the load is steady. */
  readonly warmupUs: Microseconds;
  readonly windowUs: Microseconds;
  readonly cooldownUs: Microseconds;
  /** For operations under way when the load stops. */
  readonly graceUs: Microseconds;
}

/** What one measurement brought home. */
export interface Observation {
  readonly first: readonly NodeSample[];
  readonly second: readonly NodeSample[];
  readonly histories: readonly DriverHistory[];
}

/** Runs one measurement on any runtime. Rejects with RuntimeFailure; the deployment is gone afterwards in every case. */
export async function observe(
  runtime: Runtime,
  spec: RunSpec,
  phases: Phases,
  signal: AbortSignal,
): Promise<Observation> {
  const deployment = await runtime.launch(spec, signal);
  try {
    await deployment.startLoad();
    await warmUp(deployment, phases.warmupUs);
    const first = await deployment.sample();
    await deployment.advance(phases.windowUs);
    const second = await deployment.sample();
    if (phases.cooldownUs > 0) await deployment.advance(phases.cooldownUs);
    const histories = await deployment.stopLoad(phases.graceUs);
    return { first, second, histories };
  } finally {
    await deployment.close();
  }
}

const WARMUP_SLICES = 10;
const LEAST_SLICES = 5;
const SLICES_ALIKE = 3;
/** Rates count as alike if the largest is at most this much above the smallest. */
const ALIKE = 1.05;

/**
 * Tenths of the set time, until all has passed; from half of it on, until three in a row had rates of handled requests within 5 % of one
 * another.
 */
async function warmUp(deployment: RunningDeployment, warmupUs: Microseconds): Promise<void> {
  const rates: number[] = [];
  let handled = 0;
  for (let slice = 1; slice <= WARMUP_SLICES && warmupUs > 0; slice++) {
    await deployment.advance(warmupUs / WARMUP_SLICES);
    const total = handledBy(await deployment.sample());
    rates.push(total - handled);
    handled = total;
    if (slice >= LEAST_SLICES && areAlike(rates.slice(-SLICES_ALIKE))) return;
  }
}

function areAlike(rates: readonly number[]): boolean {
  const least = Math.min(...rates);
  return least > 0 && Math.max(...rates) <= ALIKE * least;
}

function handledBy(samples: readonly NodeSample[]): number {
  return samples.reduce((sum, sample) => sum + (sample.counters[Counter.handled] ?? 0), 0);
}
