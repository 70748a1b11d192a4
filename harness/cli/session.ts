import { type CampaignEnd, MOST_FAILURES_IN_A_ROW } from '../measure/campaign.ts';
import { sumOf } from '../metrics/sum-of.ts';
import type { ResultRow } from '../results/columns.ts';
import { createResultsDirectory } from '../results/results-directory.ts';
import { configBlock, plannedSeconds } from './config-block.ts';
import type { CliEnvironment } from './environment.ts';
import { ExitCode } from './exit-code.ts';
import { foreignProfileWarning } from './foreign-profile.ts';
import { carryOutRuns, type PlannedRun, writeCircumstances } from './planned-run.ts';
import { type Progress, progressOn, quietProgress } from './progress.ts';
import { rowName } from './row-name.ts';
import { RunFailure } from './run-failure.ts';

/** Flags of every command that measures. */
export interface SessionFlags {
  readonly out?: string;
  readonly histories?: true;
  readonly json?: true;
  readonly quiet?: true;
}

/** What is asked for, under one name and into one results directory. */
export interface Session {
  readonly run: string;
  readonly started: Date;
  /** The first is what was asked for; what it is compared with or predicted from follows. */
  readonly runs: readonly [PlannedRun, ...PlannedRun[]];
  /** Simulated measurements at a time. */
  readonly jobs: number;
}

/** A session that has ended, one way or another. */
export interface Ran {
  readonly run: string;
  readonly runs: Session['runs'];
  readonly rows: readonly ResultRow[];
  readonly planned: number;
  readonly directory: string;
  readonly end: CampaignEnd;
}

/** Makes the results directory, says what will be run, and measures it. */
export async function carryOut(
  { run, started, runs, jobs }: Session,
  flags: SessionFlags,
  environment: CliEnvironment,
): Promise<Ran> {
  const { catalog, stdout, signal, workingDirectory } = environment;
  const directory = createResultsDirectory(workingDirectory, run, flags.out);
  writeCircumstances(run, started, runs, directory);
  if (flags.json !== true && flags.quiet !== true) stdout.write(`${configBlock(runs, catalog, directory.path)}\n`);
  warnOfForeignProfile(runs, environment);
  const planned = sumOf(runs, ({ measurements }) => measurements);
  const progress = progressFor(flags, environment, runs, planned);
  const rows: ResultRow[] = [];
  const end = await carryOutRuns(runs, {
    directory,
    catalog,
    signal,
    jobs,
    histories: flags.histories === true,
    onRow: (row) => {
      rows.push(row);
      progress.measured(row);
    },
  }).finally(() => {
    progress.stop();
    directory.results.close();
  });
  return { run, runs, rows, planned, directory: directory.path, end };
}

/** A simulation stands for itself; what is compared with this machine should have its costs. */
function warnOfForeignProfile([first, ...predictions]: Session['runs'], { stderr }: CliEnvironment): void {
  const costs = predictions[0]?.simulation?.costs;
  if (first.simulation !== undefined || costs === undefined) return;
  const warning = foreignProfileWarning(costs);
  if (warning !== undefined) stderr.write(`${warning}\n`);
}

function progressFor(flags: SessionFlags, { stderr }: CliEnvironment, runs: Session['runs'], total: number): Progress {
  if (flags.quiet === true) return quietProgress(stderr);
  return progressOn({
    output: stderr,
    total,
    simulated: sumOf(runs.slice(1), ({ measurements }) => measurements),
    plannedSeconds: plannedSeconds(runs[0].suite, runs[0].points),
    seconds: () => performance.now() / 1_000,
  });
}

/** The one document of `--json`. */
export function jsonDocument({ run, directory, end, runs, planned, rows }: Ran, report: unknown): string {
  const [{ suite }] = runs;
  return `${JSON.stringify({ run, directory, end, suite, planned, rows, report }, null, 2)}\n`;
}

/** The exit code; throws RunFailure, whose message is the one line of an error, if the run was not what was asked for. */
export function conclude({ end, rows, planned, directory }: Ran): ExitCode {
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
