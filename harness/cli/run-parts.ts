import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { stringify } from 'yaml';
import { createPartsDirectory } from '../results/results-directory.ts';
import { runIdOf } from '../results/run-id.ts';
import { resolveSuite, type Flags as SettingFlags } from '../suites/resolve.ts';
import type { LoadedSuite } from '../suites/suite-file.ts';
import type { CliEnvironment } from './environment.ts';
import { ExitCode } from './exit-code.ts';
import { RunFailure } from './run-failure.ts';

/** What of a run's flags matters here; parts are given all. */
interface PartFlags {
  readonly short?: true;
  readonly out?: string;
  readonly json?: true;
  readonly quiet?: true;
}

interface SuiteOfParts<Flags> {
  readonly whole: LoadedSuite;
  readonly parts: readonly LoadedSuite[];
  readonly flags: Flags;
  /** What the flags say of settings: it goes over all parts. */
  readonly settings: SettingFlags;
}

type RunSuite<Flags> = (part: LoadedSuite, flags: Flags, environment: CliEnvironment) => Promise<ExitCode>;

/**
 * Measures one part after the other, each into a directory of its own, and reports on all. A part that has rows that are not valid does not
 * end the run, an interrupt does. What a part prints stands in its report: here it takes one line.
 */
export async function runParts<Flags extends PartFlags>(
  { whole, parts, flags, settings }: SuiteOfParts<Flags>,
  environment: CliEnvironment,
  runSuite: RunSuite<Flags>,
): Promise<ExitCode> {
  const { stdout, reporting, catalog, workingDirectory } = environment;
  // A part that is wrong shows before any is measured.
  for (const part of parts) resolveSuite(inEitherForm(part), flags.short === true, settings, catalog);
  const { name, title, summary } = whole.content;
  const runId = runIdOf(environment.now(), name);
  const directory = createPartsDirectory(workingDirectory, runId, flags.out);
  const paths = parts.map(({ content }) => `./${content.name}/suite.yaml`);
  directory.write('suite.yaml', stringify({ name, title, summary, parts: paths }));
  const talks = flags.json !== true && flags.quiet !== true;
  const failures: string[] = [];
  for (const [index, part] of parts.entries()) {
    const out = join(directory.path, part.content.name);
    if (talks) stdout.write(`part ${index + 1} of ${parts.length}: ${part.content.name}: ${part.content.title}\n`);
    try {
      await runSuite(inEitherForm(part), { ...flags, out }, { ...environment, stdout: new PassThrough().resume() });
    } catch (error) {
      if (!(error instanceof RunFailure) || error.code !== ExitCode.failed) throw error;
      failures.push(`${part.content.name}: ${error.message}`);
    }
  }
  const report = await reporting.write(directory.path);
  if (flags.json === true) {
    stdout.write(`${JSON.stringify({ run: runId, directory: directory.path, report: report.json }, null, 2)}\n`);
  } else {
    stdout.write(`RESULTS\n${report.text.trimEnd()}\n\nresults  ${directory.path}\n`);
  }
  const [first] = failures;
  if (first === undefined) return ExitCode.ok;
  throw new RunFailure(`${failures.length} of ${parts.length} parts have failed, the first: ${first}`, ExitCode.failed);
}

/** A part that has no short form is run in full where that is asked for. */
function inEitherForm({ content, locate }: LoadedSuite): LoadedSuite {
  return { content: { ...content, short: content.short ?? {} }, locate };
}
