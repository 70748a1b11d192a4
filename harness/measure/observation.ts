import { Counter } from '../../src/kernel/counters.ts';
import type { Microseconds } from '../../src/kernel/time.ts';
import type { NodeSample, RunningDeployment, RunSpec, Runtime } from '../runtimes/runtime.ts';
import type { DriverHistory } from '../workload/history.ts';
import { judgeSteadiness, type Steadiness } from './steadiness.ts';

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
  /** Windows before this one that were not steady. */
  readonly discardedWindows: number;
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
    let window = await takeWindow(deployment, phases.windowUs);
    let discardedWindows = 0;
    while (window.steadiness.kind === 'unsteady' && discardedWindows < MOST_DISCARDED_WINDOWS) {
      window = await takeWindow(deployment, phases.windowUs);
      discardedWindows++;
    }
    if (phases.cooldownUs > 0) await deployment.advance(phases.cooldownUs);
    const histories = await deployment.stopLoad(phases.graceUs);
    const { first, second } = window;
    return { first, second, discardedWindows, histories };
  } finally {
    await deployment.close();
  }
}

/** What disturbs a machine for some seconds is most often over by then; a load that is never steady remains so. */
const MOST_DISCARDED_WINDOWS = 1;
const FIFTHS = 5;

interface Window {
  readonly first: readonly NodeSample[];
  readonly second: readonly NodeSample[];
  /** By the requests that replicas handled: what clients saw is not known before the end. */
  readonly steadiness: Steadiness;
}

async function takeWindow(deployment: RunningDeployment, windowUs: Microseconds): Promise<Window> {
  const samples = [await deployment.sample()];
  for (let fifth = 0; fifth < FIFTHS; fifth++) {
    await deployment.advance(windowUs / FIFTHS);
    samples.push(await deployment.sample());
  }
  const handled = samples.map(handledBy);
  const fifths = handled.slice(1).map((total, index) => total - (handled[index] ?? 0));
  return { first: samples[0] ?? [], second: samples.at(-1) ?? [], steadiness: judgeSteadiness(fifths) };
}

const WARMUP_SLICES = 10;
/** Also the least that a rise can be seen over. */
const LEAST_SLICES = 6;
const SLICES_ALIKE = 3;
/** Rates count as alike if the largest is at most this much above the smallest. */
const ALIKE = 1.05;

/**
 * Tenths of the set time, until all has passed; from the sixth on, until three in a row had rates of handled requests within 5 % of one
 * another and were not faster by more than that than the three before. The second sees the slow rise while a compiler works through code
 * that each of many replicas runs seldom: three slices alike are soon found on it.
 */
async function warmUp(deployment: RunningDeployment, warmupUs: Microseconds): Promise<void> {
  const rates: number[] = [];
  let handled = 0;
  for (let slice = 1; slice <= WARMUP_SLICES && warmupUs > 0; slice++) {
    await deployment.advance(warmupUs / WARMUP_SLICES);
    const total = handledBy(await deployment.sample());
    rates.push(total - handled);
    handled = total;
    if (slice >= LEAST_SLICES && isSteady(rates)) return;
  }
}

function isSteady(rates: readonly number[]): boolean {
  const latest = rates.slice(-SLICES_ALIKE);
  const before = rates.slice(-2 * SLICES_ALIKE, -SLICES_ALIKE);
  const least = Math.min(...latest);
  return least > 0 && Math.max(...latest) <= ALIKE * least && sum(latest) <= ALIKE * sum(before);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function handledBy(samples: readonly NodeSample[]): number {
  return samples.reduce((sum, sample) => sum + (sample.counters[Counter.handled] ?? 0), 0);
}
