import { Command } from 'commander';
import { loadCostProfile } from '../costs/shipped-profiles.ts';
import { runIdOf } from '../results/run-id.ts';
import { simulatedBy } from '../runtimes/sim/simulation-of.ts';
import type { Catalog } from '../suites/catalog.ts';
import { partsOf } from '../suites/parts.ts';
import { UsageError } from '../suites/problem.ts';
import { resolveSuite } from '../suites/resolve.ts';
import { SIMULATED, type Suite } from '../suites/settings.ts';
import { DEFAULT_SHIPPED_SUITE, suitePath } from '../suites/shipped.ts';
import { type LoadedSuite, loadSuite } from '../suites/suite-file.ts';
import { loadTopology } from '../topologies/shipped-topologies.ts';
import { thisHost } from '../topologies/this-host.ts';
import type { CliEnvironment } from './environment.ts';
import type { ExitCode } from './exit-code.ts';
import { addSettingFlags, readFlags } from './flags.ts';
import { JOBS_FLAG, jobsOf } from './jobs.ts';
import { type PlannedRun, planPredictions, planReal, planSimulated } from './planned-run.ts';
import { resultsBlock } from './results-block.ts';
import { runParts } from './run-parts.ts';
import { carryOut, conclude, jsonDocument, type SessionFlags } from './session.ts';

/** A machine of today for every node, on one switch. */
const PREDICTED_TOPOLOGY = 'lan-10g';

const EXAMPLES = `
A suite is a YAML file; every setting below is one of its keys, in [brackets], and flags win over the suite.
What ran stands in DIR/suite.yaml: 'qu-bench run DIR/suite.yaml' runs it again.

Examples:
  $ qu-bench run                                          a local comparison in under a minute
  $ qu-bench run fault-scalability --short                throughput against faults, in a few minutes
  $ qu-bench run --protocols qu,pbft --faults 1..3        two protocols at three sizes
  $ qu-bench run --clients 1,4,16,64 --repeat 6           look for the peak, enough repeats for intervals
  $ qu-bench run --protocols pbft --set pbft.batchLimit=1 a protocol's own option ('qu-bench list protocols')
  $ qu-bench run --service null --service-set requestBytes=4096
  $ qu-bench run --runtime sim --seed 7                   simulated, repeatable by its seed
  $ qu-bench run --predict                                and what machines of their own would give, simulated
  $ qu-bench run --runtime sim --jobs 4                   four simulations at a time, the same rows

Exit code: 0 if every row is valid, 1 if one is not, 2 if the command was not understood, 130 after Ctrl-C.`;

interface RunFlags extends SessionFlags {
  readonly short?: true;
  readonly jobs?: string;
  /** A topology, or that of dedicated machines. */
  readonly predict?: string | true;
}

/** `onDone` takes the exit code of a run that came to its end. */
export function runCommand(environment: CliEnvironment, onDone: (code: ExitCode) => void): Command {
  const command = new Command('run')
    .summary('measure a suite and report on it')
    .description(
      'Measures every point of a suite, checks every history, writes results.csv as it goes, then the report.',
    )
    .argument(
      '[suite]',
      'a shipped suite by its name (qu-bench list suites), or the path of a YAML file',
      DEFAULT_SHIPPED_SUITE,
    );
  addSettingFlags(command);
  return command
    .option('--short', "the suite's short form")
    .option('--out <directory>', 'where to write, a new directory (default: results/<time>-<suite>)')
    .option('--histories', "also write every operation's times and values, as JSON lines")
    .option(
      '--predict [topology]',
      `also simulate the same points, on this host to see how far off that is, and on machines of their own (default: ${PREDICTED_TOPOLOGY})`,
    )
    .option(...JOBS_FLAG)
    .option('--json', 'print one JSON document instead of the blocks')
    .option('--quiet', 'no CONFIG block and no progress, only warnings')
    .addHelpText('after', EXAMPLES)
    .action(async (suite: string, flags: RunFlags) => {
      onDone(await run(suite, flags, environment));
    });
}

function run(suiteName: string, flags: RunFlags, environment: CliEnvironment): Promise<ExitCode> {
  const file = suitePath(suiteName);
  const loaded = loadSuite(file);
  const parts = partsOf(loaded, file);
  if (parts === undefined) return runSuite(loaded, flags, environment);
  return runParts({ whole: loaded, parts, flags, settings: readFlags({ ...flags }) }, environment, runSuite);
}

async function runSuite(loaded: LoadedSuite, flags: RunFlags, environment: CliEnvironment): Promise<ExitCode> {
  const { catalog, reporting, stdout } = environment;
  const suite = resolveSuite(loaded, flags.short === true, readFlags({ ...flags }), catalog);
  const started = environment.now();
  const run = runIdOf(started, suite.name);
  const predicted = predictionsFor(suite, loaded, flags, catalog);
  const runs = [
    suite.runtime === SIMULATED ? planSimulated(suite, simulatedBy(suite), catalog) : planReal(run, suite, catalog),
    ...predicted,
  ] as const;
  const jobs = jobsOf(flags.jobs, runs);
  const ran = await carryOut({ run, started, runs, jobs }, flags, environment);
  if (ran.rows.length > 0) {
    const report = await reporting.write(ran.directory);
    const tables = [report.text, report.validation?.text ?? ''].join('\n\n');
    stdout.write(flags.json === true ? jsonDocument(ran, report.json) : resultsBlock(ran, tables));
  }
  return conclude(ran);
}

/** With `--predict`: the same points on this host, which tells how far off predictions are, and on the topology that was asked for. */
function predictionsFor(suite: Suite, loaded: LoadedSuite, flags: RunFlags, catalog: Catalog): readonly PlannedRun[] {
  if (flags.predict === undefined) return [];
  if (suite.runtime === SIMULATED) {
    throw new UsageError('--predict: simulates what was measured; with --runtime sim nothing is');
  }
  const topology = flags.predict === true ? PREDICTED_TOPOLOGY : flags.predict;
  const topologies = [thisHost(suite.runtime), loadTopology(topology)];
  return planPredictions(suite, loaded, topologies, loadCostProfile(suite.costs), catalog);
}
