import { Command } from 'commander';
import { stringify } from 'yaml';
import { type CampaignEnd, MOST_FAILURES_IN_A_ROW, runCampaign } from '../measure/campaign.ts';
import { measure } from '../measure/measure.ts';
import type { ResultRow } from '../results/columns.ts';
import { writeHistories } from '../results/histories-file.ts';
import { manifestOf } from '../results/manifest.ts';
import { createResultsDirectory, runIdOf } from '../results/results-directory.ts';
import { simulationOf } from '../runtimes/sim/simulation-of.ts';
import { partsOf } from '../suites/parts.ts';
import { type Point, pointsOf } from '../suites/points.ts';
import { resolveSuite } from '../suites/resolve.ts';
import { schedule } from '../suites/schedule.ts';
import { SIMULATED, type Suite } from '../suites/settings.ts';
import { DEFAULT_SHIPPED_SUITE, suitePath } from '../suites/shipped.ts';
import { type LoadedSuite, loadSuite } from '../suites/suite-file.ts';
import { configBlock, plannedSeconds } from './config-block.ts';
import type { CliEnvironment } from './environment.ts';
import { ExitCode } from './exit-code.ts';
import { addSettingFlags, readFlags } from './flags.ts';
import { type Progress, progressOn, quietProgress } from './progress.ts';
import { resultsBlock, rowName } from './results-block.ts';
import { RunFailure } from './run-failure.ts';
import { runParts } from './run-parts.ts';

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

Exit code: 0 if every row is valid, 1 if one is not, 2 if the command was not understood, 130 after Ctrl-C.`;

interface RunFlags {
  readonly short?: true;
  readonly out?: string;
  readonly histories?: true;
  readonly json?: true;
  readonly quiet?: true;
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
  const { catalog, stdout, signal } = environment;
  const suite = resolveSuite(loaded, flags.short === true, readFlags({ ...flags }), catalog);
  const points = pointsOf(suite, catalog);
  const simulation = suite.runtime === SIMULATED ? simulationOf(suite, points, catalog) : undefined;
  const measurements = schedule(points, suite.repeat, suite.seed);
  const started = environment.now();
  const runId = runIdOf(started, suite.name);
  const directory = createResultsDirectory(environment.workingDirectory, runId, flags.out);
  directory.write('suite.yaml', stringify(suite));
  directory.write(
    'manifest.json',
    `${JSON.stringify(manifestOf(runId, started, suite, measurements.length), null, 2)}\n`,
  );
  if (flags.json !== true && flags.quiet !== true) {
    stdout.write(`${configBlock(suite, points, catalog, directory.path)}\n`);
  }
  const progress = progressFor(flags, environment, suite, points);
  const rows: ResultRow[] = [];
  const end = await runCampaign({
    measurements,
    signal,
    measure: (measurement) => measure(measurement, { runId, suite, catalog, signal, simulation }),
    keep: (_, { row, histories }) => {
      directory.results.append(row);
      rows.push(row);
      if (flags.histories === true) writeHistories(directory.path, row, histories);
      progress.measured(row);
    },
  }).finally(() => {
    progress.stop();
    directory.results.close();
  });
  const ran: Ran = { runId, suite, rows, planned: measurements.length, directory: directory.path, end };
  if (rows.length > 0) await printResults(ran, flags, environment);
  return conclude(ran);
}

function progressFor(flags: RunFlags, environment: CliEnvironment, suite: Suite, points: readonly Point[]): Progress {
  if (flags.quiet === true) return quietProgress(environment.stderr);
  return progressOn({
    output: environment.stderr,
    total: points.length * suite.repeat,
    plannedSeconds: plannedSeconds(suite, points),
    seconds: () => performance.now() / 1_000,
  });
}

/** A run that has ended, one way or another. */
interface Ran {
  readonly runId: string;
  readonly suite: Suite;
  readonly rows: readonly ResultRow[];
  readonly planned: number;
  readonly directory: string;
  readonly end: CampaignEnd;
}

async function printResults(ran: Ran, flags: RunFlags, { reporting, stdout }: CliEnvironment): Promise<void> {
  const report = await reporting.write(ran.directory);
  if (flags.json !== true) {
    stdout.write(resultsBlock(ran.suite, ran.rows, ran.planned, report.text, ran.directory));
    return;
  }
  const { runId, directory, suite, planned, end, rows } = ran;
  stdout.write(
    `${JSON.stringify({ run: runId, directory, end, suite, planned, rows, report: report.json }, null, 2)}\n`,
  );
}

/** The exit code; throws RunFailure, whose message is the one line of an error, if the run was not what was asked for. */
function conclude({ end, rows, planned, directory }: Ran): ExitCode {
  if (end === 'interrupted') {
    const message = `interrupted: ${rows.length} of ${planned} measurements are finished and kept in ${directory}`;
    throw new RunFailure(message, ExitCode.interrupted);
  }
  const first = rows.find((row) => row.verdict !== 'valid');
  if (first === undefined) return ExitCode.ok;
  const refused = rows.filter((row) => row.verdict !== 'valid').length;
  const given = end === 'gave-up' ? `gave up after ${MOST_FAILURES_IN_A_ROW} failures in a row: ` : '';
  const reason = `${refused} of ${rows.length} measurements not valid, the first: ${rowName(first)}: ${first.verdict_reason}`;
  throw new RunFailure(`${given}${reason}`, ExitCode.failed);
}
