import { resolve } from 'node:path';
import { Command } from 'commander';
import { calibrationPlan } from '../calibration/plan.ts';
import type { CostProfile } from '../costs/cost-profile.ts';
import { loadCostProfile } from '../costs/shipped-profiles.ts';
import { refuseExisting } from '../results/results-directory.ts';
import { runIdOf } from '../results/run-id.ts';
import { partsOf } from '../suites/parts.ts';
import { UsageError } from '../suites/problem.ts';
import { resolveSuite } from '../suites/resolve.ts';
import { SIMULATED, type Suite } from '../suites/settings.ts';
import { suitePath } from '../suites/shipped.ts';
import { loadSuite } from '../suites/suite-file.ts';
import { thisHost } from '../topologies/this-host.ts';
import type { Topology } from '../topologies/topology.ts';
import { calibrating } from './calibrating.ts';
import type { CliEnvironment } from './environment.ts';
import type { ExitCode } from './exit-code.ts';
import { addSettingFlags, readFlags } from './flags.ts';
import { JOBS_FLAG, jobsOf } from './jobs.ts';
import { planPredictions, planReal } from './planned-run.ts';
import { resultsBlock } from './results-block.ts';
import { carryOut, conclude, jsonDocument, type SessionFlags } from './session.ts';

const DEFAULT_VALIDATION = 'validation';

const EXAMPLES = `
Measures what operations cost on this machine ('qu-bench calibrate'), unless --costs names a profile; then every point of the suite in real
processes that share the machine; then simulates the same points on as many cores, and compares. Flags over the phases (--warmup, --duration, --cooldown, --repeat) are for the real part. Leaves results.csv with rows of both
runtimes, validation.csv, validation.md and figures/validation.svg behind.

Examples:
  $ qu-bench validate                               calibrated just before, in some fifty minutes
  $ qu-bench validate --short                       fewer points, in some twenty minutes
  $ qu-bench validate --costs mine.json             a profile that 'qu-bench calibrate' wrote; 'reference' is the shipped one
  $ qu-bench validate --protocols qu --faults 1     one point for each number of clients

Exit code: 0 if every row is valid, whether or not the predictions are good; 1 if one is not, 2 if the command was not understood, 130
after Ctrl-C.`;

interface ValidateFlags extends SessionFlags {
  readonly short?: true;
  readonly jobs?: string;
}

/** `onDone` takes the exit code of a run that came to its end. */
export function validateCommand(environment: CliEnvironment, onDone: (code: ExitCode) => void): Command {
  const command = new Command('validate')
    .summary('compare predictions of the simulator with what is measured')
    .description('Runs the same points really and simulated, and reports predicted against measured.')
    .argument('[suite]', 'a shipped suite by its name, or the path of a YAML file', DEFAULT_VALIDATION);
  addSettingFlags(command);
  return command
    .option('--short', "the suite's short form")
    .option('--out <directory>', 'where to write, a new directory (default: results/<time>-<suite>)')
    .option(...JOBS_FLAG)
    .option('--json', 'print one JSON document instead of the blocks')
    .option('--quiet', 'no CONFIG block and no progress, only warnings')
    .addHelpText('after', EXAMPLES)
    .action(async (suite: string, flags: ValidateFlags) => {
      onDone(await validate(suite, flags, environment));
    });
}

async function validate(suiteName: string, flags: ValidateFlags, environment: CliEnvironment): Promise<ExitCode> {
  const { catalog, reporting, stdout } = environment;
  const file = suitePath(suiteName);
  const loaded = loadSuite(file);
  if (partsOf(loaded, file) !== undefined)
    throw new UsageError(`suite ${suiteName} is made of parts: validate one of them`);
  const given = readFlags({ ...flags });
  const suite = resolveSuite(loaded, flags.short === true, given, catalog);
  if (suite.runtime === SIMULATED) throw new UsageError('--runtime: predictions are compared with real nodes, not sim');
  const host = thisHost(suite.runtime);
  if (flags.out !== undefined) refuseExisting(resolve(environment.workingDirectory, flags.out));
  const named = given.overrides.costs ?? loaded.content.costs;
  const costs =
    named === undefined ? await measuredCosts(suite, host, flags.quiet === true, environment) : loadCostProfile(named);
  const started = environment.now();
  const run = runIdOf(started, suite.name);
  const runs = [planReal(run, suite, catalog), ...planPredictions(suite, loaded, [host], costs, catalog)] as const;
  const ran = await carryOut({ run, started, runs, jobs: jobsOf(flags.jobs, runs) }, flags, environment);
  if (ran.rows.length > 0) {
    const { text, json, validation } = await reporting.write(ran.directory);
    const compared = validation?.text ?? `Nothing to compare: the run ended too early.\n\n${text}`;
    stdout.write(flags.json === true ? jsonDocument(ran, json) : resultsBlock(ran, compared));
  }
  return conclude(ran);
}

/** What operations cost here and now: the suite's MACs, protocols and transport. */
async function measuredCosts(
  suite: Suite,
  { transport }: Topology,
  quiet: boolean,
  environment: CliEnvironment,
): Promise<CostProfile> {
  const { catalog } = environment;
  const names = new Set(suite.protocols.map(({ protocol }) => protocol));
  const plan = calibrationPlan({
    suites: [suite.mac],
    // Steps are measured with services of their own.
    services: catalog.services.map(({ name }) => name),
    protocols: catalog.protocols.filter(({ name }) => names.has(name)),
    // Short measurements are not to be relied on.
    short: false,
  });
  const transports = plan.transports.filter((name) => name === transport);
  const { profile } = await calibrating({ name: 'measured', plan: { ...plan, transports }, quiet }, environment);
  return profile;
}
