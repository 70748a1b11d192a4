import { type CostProfile, PROFILE_FORMAT } from '../costs/cost-profile.ts';
import { host, versions } from '../results/manifest.ts';
import type { CalibrationPlan } from './plan.ts';
import { runTask } from './run-task.ts';
import { configurationName } from './step-configurations.ts';
import { fitSteps, type KnownCosts, type MeasuredRun, type RunCheck } from './step-costs.ts';

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
export function measurementsOf({ suites, services, steps }: CalibrationPlan): number {
  return (
    suites.length + services.length + 2 + steps.reduce((sum, { configurations }) => sum + configurations.length, 0)
  );
}

/** Measures this machine, one thing after the other, each in a process of its own. */
export async function calibrate({ name, plan, date, signal, onMeasured }: CalibrationOptions): Promise<Calibration> {
  const macs: CostProfile['macs'] = {};
  for (const suite of plan.suites) {
    macs[suite] = await runTask({ part: 'macs', suite, timeMs: plan.durations.functionMs }, signal);
    onMeasured(`MAC suite ${suite}`);
  }
  const messages = await runTask({ part: 'messages', timeMs: plan.durations.functionMs }, signal);
  onMeasured('encoding and decoding');
  const execute: CostProfile['execute'] = {};
  for (const service of plan.services) {
    execute[service] = await runTask({ part: 'execution', service, timeMs: plan.durations.functionMs }, signal);
    onMeasured(`execution of ${service}`);
  }
  const steps: CostProfile['steps'] = {};
  const checks: FitCheck[] = [];
  const free = await freeSuites(plan, signal);
  onMeasured('what is subtracted from steps');
  for (const { protocol, configurations } of plan.steps) {
    const runs: MeasuredRun[] = [];
    for (const configuration of configurations) {
      const runName = configurationName(configuration);
      const { stepsWarmUpMs: warmUpMs, stepsMs: timeMs } = plan.durations;
      const run = await runTask({ part: 'steps', protocol, configuration, warmUpMs, timeMs }, signal);
      const known = { ...messages, execute: execute[configuration.service], macs: free.get(configuration.tagBytes) };
      runs.push({ name: runName, run, known: complete(known) });
      onMeasured(`${protocol}, ${runName}`);
    }
    const fitted = fitSteps(runs);
    steps[protocol] = fitted.costs;
    checks.push(...fitted.checks.map((check) => ({ of: protocol, ...check })));
  }
  const profile: CostProfile = {
    format: PROFILE_FORMAT,
    name,
    summary: `measured on ${host().cpu}, ${host().cores} cores`,
    origin: 'measured',
    machine: host(),
    versions: versions(),
    date: date.toISOString(),
    macs,
    ...messages,
    execute,
    steps,
    transports: {},
  };
  return { profile, checks };
}

/** What stands in for cryptography costs next to nothing, which is known and subtracted. */
async function freeSuites({ steps, durations }: CalibrationPlan, signal: AbortSignal) {
  const sizes = new Set(steps.flatMap(({ configurations }) => configurations.map(({ tagBytes }) => tagBytes)));
  const costs = new Map<number, KnownCosts['macs']>();
  for (const free of sizes) {
    costs.set(free, await runTask({ part: 'macs', suite: { free }, timeMs: durations.functionMs / 2 }, signal));
  }
  return costs;
}

function complete(known: { readonly [Name in keyof KnownCosts]: KnownCosts[Name] | undefined }): KnownCosts {
  const { encode, decode, execute, macs } = known;
  if (encode === undefined || decode === undefined || execute === undefined || macs === undefined) {
    throw new Error('steps use a service or tags that were not measured');
  }
  return { encode, decode, execute, macs };
}
