import { DEFAULT_SUITE } from '../../src/crypto/suites.ts';
import type { Microseconds } from '../../src/kernel/time.ts';
import { type Cost, type CostProfile, type MacCosts, PROFILE_FORMAT } from '../costs/cost-profile.ts';
import { HostSpeed } from '../micro/host-speed.ts';
import { host, versions } from '../results/manifest.ts';
import { timesBy } from './at-speed.ts';
import { collectorOf } from './collector-costs.ts';
import { fourDigits } from './measured-cost.ts';
import type { MessageCosts } from './message-costs.ts';
import { measurePlacement, stepsOf } from './placed-nodes.ts';
import { type CalibrationPlan, placementTimes } from './plan.ts';
import type { RunCheck } from './run-check.ts';
import { runTask } from './run-task.ts';
import { configurationName, type StepConfiguration } from './step-configurations.ts';
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
 * Measures this machine, one thing after the other, with its speed beside each. Functions and steps have a process of their own on every core, of which
 * one is heard: nodes seldom have a machine for themselves while they have work, and cores share caches, memory and often their very arithmetic.
 */
export async function calibrate(options: CalibrationOptions): Promise<Calibration> {
  const { name, plan, date, signal } = options;
  const speed = new HostSpeed();
  // Everything is brought to the speed of the beginning; only the end knows which one was usual.
  const measuring: Measuring = { ...options, speed, probeUs: speed.probeUs() };
  const functions = await measureFunctions(measuring);
  const { steps, checks } = await measureSteps(functions, measuring);
  const machine = host();
  const { standIn: _, ...known } = functions;
  const withoutTransports = {
    format: PROFILE_FORMAT,
    name,
    summary: `measured on ${machine.cpu}, ${machine.cores} cores`,
    origin: 'measured',
    machine,
    versions: versions(),
    date: date.toISOString(),
    ...known,
    steps,
  } as const;
  // Of the machine, not of a core: nothing else may be about.
  const timeMs = plan.durations.functionMs;
  const waking = await atSpeed(() => runTask({ part: 'waking', timeMs }, signal), measuring);
  options.onMeasured('waking');
  const stepsUs = await stepsOfAll(plan, withoutTransports, signal);
  const measured: (readonly [transport: string, placements: readonly MeasuredPlacement[]])[] = [];
  for (const transport of plan.transports) {
    measured.push([transport, await measurePlacements(transport, stepsUs, measuring)]);
  }
  const { probeUs } = measuring;
  const all = measured.flatMap(([, placements]) => placements.map(({ placed }) => placed));
  const collector = collectorOf(all, probeUs);
  const transports: CostProfile['transports'] = {};
  for (const [transport, placements] of measured) {
    const fitted = fitTransport(placements, { waking, collector, probeUs, cores: machine.cores });
    transports[transport] = fitted.costs;
    checks.push(...fitted.checks.map((check) => ({ of: transport, ...check })));
  }
  const usual = speed.usualProbeUs;
  const profile = timesBy(usual / probeUs, { ...withoutTransports, collector, transports });
  return { profile: { ...profile, machine: { ...machine, probeUs: fourDigits(usual) } }, checks };
}

interface Measuring extends Pick<CalibrationOptions, 'plan' | 'signal' | 'onMeasured'> {
  readonly speed: HostSpeed;
  /** The speed to which what is measured is brought. */
  readonly probeUs: Microseconds;
}

async function atSpeed<Result>(measure: () => Promise<Result>, { speed, probeUs }: Measuring): Promise<Result> {
  const { value, probeUs: besideUs } = await speed.beside(measure);
  return timesBy(probeUs / besideUs, value);
}

interface FunctionCosts extends MessageCosts {
  readonly macs: CostProfile['macs'];
  readonly execute: CostProfile['execute'];
  /** What stands in for cryptography where steps are measured. */
  readonly standIn: MacCosts;
}

function onEveryCore<T extends Task>(task: T, measuring: Measuring): Promise<TaskResults[T['part']]> {
  const { plan, signal } = measuring;
  return atSpeed(async () => {
    const [first] = await Promise.all(Array.from({ length: plan.processes }, () => runTask(task, signal)));
    if (first === undefined) throw new Error('nothing was measured');
    return first;
  }, measuring);
}

async function measureFunctions(options: Measuring): Promise<FunctionCosts> {
  const { plan, onMeasured } = options;
  const timeMs = plan.durations.functionMs;
  const macs: CostProfile['macs'] = {};
  for (const suite of plan.suites) {
    macs[suite] = await onEveryCore({ part: 'macs', suite, timeMs }, options);
    onMeasured(`MAC suite ${suite}`);
  }
  const messages = await onEveryCore({ part: 'messages', timeMs }, options);
  onMeasured('encoding and decoding');
  const execute: CostProfile['execute'] = {};
  for (const service of plan.services) {
    execute[service] = await onEveryCore({ part: 'execution', service, timeMs }, options);
    onMeasured(`execution of ${service}`);
  }
  const standIn = await onEveryCore({ part: 'macs', suite: undefined, timeMs }, options);
  onMeasured('what stands in for cryptography in steps');
  return { macs, ...messages, execute, standIn };
}

/** Steps of every protocol, with cryptography left out; then once with it, as a check. */
async function measureSteps(functions: FunctionCosts, options: Measuring) {
  const { plan, onMeasured } = options;
  const { stepsWarmUpMs: warmUpMs, stepsMs: timeMs } = plan.durations;
  const steps: CostProfile['steps'] = {};
  const checks: FitCheck[] = [];
  const measured = async (protocol: string, configuration: StepConfiguration, suite?: string): Promise<MeasuredRun> => {
    const computed = suite === undefined ? {} : { suite };
    const run = await onEveryCore({ part: 'steps', protocol, configuration, warmUpMs, timeMs, ...computed }, options);
    const name = `${configurationName(configuration)}${suite === undefined ? '' : `, ${suite} computed`}`;
    onMeasured(`${protocol}, ${name}`);
    const macs = functions.macs[suite ?? ''] ?? functions.standIn;
    return { name, run, known: { ...functions, execute: executionOf(functions.execute, configuration.service), macs } };
  };
  for (const { protocol, configurations } of plan.steps) {
    const runs: MeasuredRun[] = [];
    for (const configuration of configurations) runs.push(await measured(protocol, configuration));
    const fitted = fitSteps(runs);
    steps[protocol] = fitted.costs;
    checks.push(...fitted.checks.map((check) => ({ of: protocol, ...check })));
    const [suite] = plan.suites;
    const [configuration] = configurations;
    if (suite === undefined || configuration === undefined) continue;
    checks.push({
      of: protocol,
      ...checkWithCryptography(await measured(protocol, configuration, suite), fitted.costs),
    });
  }
  return { steps, checks };
}

function executionOf(execute: CostProfile['execute'], service: string): Cost {
  const cost = execute[service];
  if (cost === undefined) throw new Error(`steps are measured with service ${service}, whose execution is not`);
  return cost;
}

/** What steps take in each placement: the same whatever carries the messages. */
async function stepsOfAll(
  plan: CalibrationPlan,
  costs: Omit<CostProfile, 'transports'>,
  signal: AbortSignal,
): Promise<MeasuredPlacement['stepsUs'][]> {
  const all: MeasuredPlacement['stepsUs'][] = [];
  for (const placement of plan.placements) all.push(await stepsOf(placement, macOf(plan), costs, signal));
  return all;
}

async function measurePlacements(
  transport: 'unix' | 'tcp',
  stepsUs: readonly MeasuredPlacement['stepsUs'][],
  { plan, signal, onMeasured, speed }: Measuring,
): Promise<readonly MeasuredPlacement[]> {
  const placements: MeasuredPlacement[] = [];
  for (const [index, placement] of plan.placements.entries()) {
    const times = placementTimes(plan.durations, placement);
    const placed = await measurePlacement({ transport, placement, mac: macOf(plan), times, speed, signal });
    placements.push({ placed, stepsUs: stepsUs[index] ?? new Map() });
    onMeasured(`${transport}, ${placement.protocol}, ${configurationName(placement)}`);
  }
  return placements;
}

function macOf({ suites: [mac = DEFAULT_SUITE] }: CalibrationPlan): string {
  return mac;
}
