import type { Protocol } from '../../src/kernel/erased-protocol.ts';
import { type StepConfiguration, stepConfigurations } from './step-configurations.ts';
import { type TransportPoint, transportPoints } from './transport-points.ts';

/** How long what is measured is measured, in ms of CPU time where there is but one process. */
export interface Durations {
  readonly functionMs: number;
  readonly stepsWarmUpMs: number;
  readonly stepsMs: number;
  readonly transportWarmUpMs: number;
  readonly transportMs: number;
}

const FULL: Durations = {
  functionMs: 250,
  stepsWarmUpMs: 1_200,
  stepsMs: 2_500,
  transportWarmUpMs: 700,
  transportMs: 1_500,
};

const SHORT: Durations = {
  functionMs: 20,
  stepsWarmUpMs: 250,
  stepsMs: 250,
  transportWarmUpMs: 100,
  transportMs: 200,
};

export interface CalibrationPlan {
  readonly durations: Durations;
  readonly suites: readonly string[];
  readonly services: readonly string[];
  readonly steps: readonly { readonly protocol: string; readonly configurations: readonly StepConfiguration[] }[];
  readonly transports: readonly ('unix' | 'tcp')[];
  readonly points: readonly TransportPoint[];
}

export interface PlanOptions {
  readonly suites: readonly string[];
  readonly services: readonly string[];
  readonly protocols: readonly Protocol[];
  /** Less time and fewer configurations: to see that it works, not to rely on. */
  readonly short: boolean;
}

export function calibrationPlan({ suites, services, protocols, short }: PlanOptions): CalibrationPlan {
  return {
    durations: short ? SHORT : FULL,
    suites,
    services,
    steps: protocols.map(({ name, leastFaults }) => ({
      protocol: name,
      configurations: stepConfigurations(name, leastFaults, short),
    })),
    transports: ['unix', 'tcp'],
    points: transportPoints(short),
  };
}

/** Benchmarks of a function at several sizes, per MAC suite; those of messages and of services are of this order. */
const FUNCTIONS_PER_SUITE = 12;
const FUNCTIONS_BESIDE = 30;
/** To start and end the processes of one measurement. */
const STARTING_SECONDS = 0.4;

export function plannedSecondsOf({ durations, suites, steps, transports, points }: CalibrationPlan): number {
  // Each is warmed up for as long as it is measured.
  const functions = 2 * durations.functionMs * (suites.length * FUNCTIONS_PER_SUITE + FUNCTIONS_BESIDE);
  const configurations = steps.reduce((sum, protocol) => sum + protocol.configurations.length, 0);
  const stepsMs = configurations * (durations.stepsWarmUpMs + durations.stepsMs);
  const loads = transports.length * points.length;
  const loadsMs = loads * (durations.transportWarmUpMs + durations.transportMs);
  return (functions + stepsMs + loadsMs) / 1e3 + (configurations + loads + suites.length) * STARTING_SECONDS;
}
