import { availableParallelism } from 'node:os';
import { protocolNamed } from '../../baselines/registry.ts';
import type { Protocol } from '../../src/kernel/erased-protocol.ts';
import { PROBING_MS } from '../micro/host-speed.ts';
import type { PlacementTimes } from './placed-nodes.ts';
import { type Placement, placementsOf } from './placements.ts';
import { type StepConfiguration, stepConfigurations } from './step-configurations.ts';

/** How long what is measured is measured, in ms of CPU time where there is but one process. */
export interface Durations {
  readonly functionMs: number;
  readonly stepsWarmUpMs: number;
  readonly stepsMs: number;
  /** At one tolerated fault; more replicas get warm the more slowly. */
  readonly placementWarmUpMs: number;
  readonly placementMs: number;
}

const FULL: Durations = {
  functionMs: 250,
  stepsWarmUpMs: 1_200,
  stepsMs: 2_500,
  placementWarmUpMs: 8_000,
  placementMs: 2_000,
};

const SHORT: Durations = {
  functionMs: 20,
  stepsWarmUpMs: 250,
  stepsMs: 250,
  placementWarmUpMs: 500,
  placementMs: 500,
};

export interface CalibrationPlan {
  readonly durations: Durations;
  /** That measure the same at a time, one on each core. */
  readonly processes: number;
  readonly suites: readonly string[];
  readonly services: readonly string[];
  readonly steps: readonly { readonly protocol: string; readonly configurations: readonly StepConfiguration[] }[];
  readonly transports: readonly ('unix' | 'tcp')[];
  readonly placements: readonly Placement[];
}

export interface PlanOptions {
  readonly suites: readonly string[];
  readonly services: readonly string[];
  readonly protocols: readonly Protocol[];
  /** Less time and fewer configurations: to see that it works, not to rely on. */
  readonly short: boolean;
}

/** Without replication a round trip is two wakes and little else: transports cannot be told without it. */
const SERVER = 'unreplicated';

export function calibrationPlan({ suites, services, protocols: asked, short }: PlanOptions): CalibrationPlan {
  const protocols = asked.some(({ name }) => name === SERVER) ? asked : [...asked, protocolNamed(SERVER)];
  return {
    durations: short ? SHORT : FULL,
    processes: availableParallelism(),
    suites,
    services,
    steps: protocols.map(({ name, leastFaults }) => ({
      protocol: name,
      configurations: stepConfigurations(name, leastFaults, short),
    })),
    transports: ['unix', 'tcp'],
    placements: placementsOf(protocols, short),
  };
}

/** Benchmarks of a function at several sizes, per MAC suite; those of messages and of services are of this order. */
const FUNCTIONS_PER_SUITE = 12;
const FUNCTIONS_BESIDE = 30;
/** To start and end the processes of one measurement, and to tell the machine's speed before and after. */
const STARTING_MS = 300 + 2 * PROBING_MS;
/** To start and end a deployment, and to tell the machine's speed before and after. */
const PLACING_MS = 800 + 2 * PROBING_MS;

export function plannedSecondsOf({ durations, suites, steps, transports, placements }: CalibrationPlan): number {
  // Each is warmed up for as long as it is measured.
  const functions = 2 * durations.functionMs * (suites.length * FUNCTIONS_PER_SUITE + FUNCTIONS_BESIDE);
  const configurations = steps.reduce((sum, protocol) => sum + protocol.configurations.length, 0);
  const stepsMs = configurations * (durations.stepsWarmUpMs + durations.stepsMs);
  const placementsMs = placements.reduce((sum, placement) => {
    const { warmUpMs, timeMs } = placementTimes(durations, placement);
    return sum + warmUpMs + timeMs + PLACING_MS;
  }, 0);
  const startingMs = (configurations + suites.length) * STARTING_MS;
  return (functions + stepsMs + transports.length * placementsMs + startingMs) / 1e3;
}

/** The more replicas, the fewer requests each of them handles in a second, and the later its code is compiled. */
export function placementTimes({ placementWarmUpMs, placementMs }: Durations, { faults }: Placement): PlacementTimes {
  return { warmUpMs: placementWarmUpMs * Math.max(1, faults), timeMs: placementMs };
}
