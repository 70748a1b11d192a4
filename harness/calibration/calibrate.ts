import { DEFAULT_SUITE } from '../../src/crypto/suites.ts';
import { type Cost, type CostProfile, PROFILE_FORMAT } from '../costs/cost-profile.ts';
import { HostSpeed } from '../micro/host-speed.ts';
import { host, versions } from '../results/manifest.ts';
import { fourDigits } from './measured-cost.ts';
import { measurePlacement, stepsOf } from './placed-nodes.ts';
import { type CalibrationPlan, placementTimes } from './plan.ts';
import type { RunCheck } from './run-check.ts';
import { runTask } from './run-task.ts';
import { configurationName } from './step-configurations.ts';
import { checkWithCryptography, fitSteps, type MeasuredRun } from './step-costs.ts';
import type { Task, TaskResults } from './task.ts';
import { fitTransport, type MeasuredPlacement } from './transport-costs.ts';

/** A configuration or load that costs were fitted to: what it took, and what they say that it takes. */
export interface FitCheck extends RunCheck {
  /** Protocol or transport. */
  readonly of: string;
}

export interface Calibration {
  readonly profile: CostProfile;
  readonly checks: readonly FitCheck[];
}

export interface CalibrationOptions {
  readonly name: string;
  readonly plan: CalibrationPlan;
  readonly date: Date;
  /** Ends it, with a RuntimeFailure, at any time. */
  readonly signal: AbortSignal;
  /** Called when something has been measured. */
  readonly onMeasured: (what: string) => void;
}

/** How often `onMeasured` will be called. */
export function measurementsOf({ suites, services, steps, transports, placements }: CalibrationPlan): number {
  // One more of each protocol is with cryptography.
  const configurations = steps.reduce((sum, protocol) => sum + protocol.configurations.length + 1, 0);
  return suites.length + services.length + 3 + configurations + transports.length * placements.length;
}

/**
 * Measures this machine, one thing after the other, each in a process of its own. Every core has such a process, of which one is heard: nodes
 * seldom have a machine for themselves while they have work, and cores share caches, memory and often their very arithmetic.
 */
export async function calibrate({ name, plan, date, signal, onMeasured }: CalibrationOptions): Promise<Calibration> {
  const measured = async <T extends Task>(task: T): Promise<TaskResults[T['part']]> => {
    const copies = Array.from({ length: plan.processes }, () => runTask(task, signal));
    const [first] = await Promise.all(copies);
    if (first === undefined) throw new Error('nothing was measured');
    return first;
  };
  const macs: CostProfile['macs'] = {};
  for (const suite of plan.suites) {
    macs[suite] = await measured({ part: 'macs', suite, timeMs: plan.durations.functionMs });
    onMeasured(`MAC suite ${suite}`);
  }
  const messages = await measured({ part: 'messages', timeMs: plan.durations.functionMs });
  onMeasured('encoding and decoding');
  const execute: CostProfile['execute'] = {};
  for (const service of plan.services) {
    execute[service] = await measured({ part: 'execution', service, timeMs: plan.durations.functionMs });
    onMeasured(`execution of ${service}`);
  }
  const steps: CostProfile['steps'] = {};
  const checks: FitCheck[] = [];
  const standIn = await measured({ part: 'macs', suite: undefined, timeMs: plan.durations.functionMs });
  onMeasured('what stands in for cryptography in steps');
  const { stepsWarmUpMs: warmUpMs, stepsMs: timeMs } = plan.durations;
  for (const { protocol, configurations } of plan.steps) {
    const runs: MeasuredRun[] = [];
    for (const configuration of configurations) {
      const runName = configurationName(configuration);
      const run = await measured({ part: 'steps', protocol, configuration, warmUpMs, timeMs });
      const known = { ...messages, execute: executionOf(execute, configuration.service), macs: standIn };
      runs.push({ name: runName, run, known });
      onMeasured(`${protocol}, ${runName}`);
    }
    const fitted = fitSteps(runs);
    steps[protocol] = fitted.costs;
    checks.push(...fitted.checks.map((check) => ({ of: protocol, ...check })));
    const [suite] = plan.suites;
    const [configuration] = configurations;
    if (suite === undefined || configuration === undefined) continue;
    const run = await measured({ part: 'steps', protocol, configuration, warmUpMs, timeMs, suite });
    const known = { ...messages, execute: executionOf(execute, configuration.service), macs: macs[suite] ?? standIn };
    const name = `${configurationName(configuration)}, ${suite} computed`;
    checks.push({ of: protocol, ...checkWithCryptography({ name, run, known }, fitted.costs) });
    onMeasured(`${protocol}, ${name}`);
  }
  const machine = host();
  const withoutTransports = {
    format: PROFILE_FORMAT,
    name,
    summary: `measured on ${machine.cpu}, ${machine.cores} cores`,
    origin: 'measured',
    machine,
    versions: versions(),
    date: date.toISOString(),
    macs,
    ...messages,
    execute,
    steps,
  } as const;
  // Of the machine, not of a core: nothing else may be about.
  const waking = await runTask({ part: 'waking', timeMs: plan.durations.functionMs }, signal);
  onMeasured('waking');
  const speed = new HostSpeed();
  const probeUs = speed.probeUs();
  const transports: CostProfile['transports'] = {};
  const [mac = DEFAULT_SUITE] = plan.suites;
  // The same whatever carries the messages.
  const stepsUs: MeasuredPlacement['stepsUs'][] = [];
  for (const placement of plan.placements) stepsUs.push(await stepsOf(placement, mac, withoutTransports, signal));
  for (const transport of plan.transports) {
    const placements: MeasuredPlacement[] = [];
    for (const [index, placement] of plan.placements.entries()) {
      const times = placementTimes(plan.durations, placement);
      const placed = await measurePlacement({ transport, placement, mac, times, speed, signal });
      placements.push({ placed, stepsUs: stepsUs[index] ?? new Map() });
      onMeasured(`${transport}, ${placement.protocol}, ${configurationName(placement)}`);
    }
    const fitted = fitTransport(placements, { waking, probeUs, cores: machine.cores });
    transports[transport] = fitted.costs;
    checks.push(...fitted.checks.map((check) => ({ of: transport, ...check })));
  }
  const profile: CostProfile = {
    ...withoutTransports,
    machine: { ...machine, probeUs: fourDigits(probeUs) },
    transports,
  };
  return { profile, checks };
}

function executionOf(execute: CostProfile['execute'], service: string): Cost {
  const cost = execute[service];
  if (cost === undefined) throw new Error(`steps are measured with service ${service}, whose execution is not`);
  return cost;
}
