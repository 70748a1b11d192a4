import { Command, CommanderError } from 'commander';
import { toolVersion } from '../results/manifest.ts';
import { RuntimeFailure } from '../runtimes/runtime.ts';
import { UsageError } from '../suites/problem.ts';
import { calibrateCommand } from './calibrate-command.ts';
import type { CliEnvironment } from './environment.ts';
import { ExitCode } from './exit-code.ts';
import { listCommand } from './list-command.ts';
import { reportCommand } from './report-command.ts';
import { runCommand } from './run-command.ts';
import { RunFailure } from './run-failure.ts';
import { validateCommand } from './validate-command.ts';

const DESCRIPTION = `Measures how throughput and latency of Byzantine fault-tolerant protocols change with the number of
tolerated faults, on one workload: Query/Update against agreement-based protocols and an unreplicated server.`;

const EXAMPLES = `
Start here:
  $ qu-bench run                             a local comparison in under a minute
  $ qu-bench run fault-scalability --short   throughput against faults, in a few minutes
  $ qu-bench list protocols                  protocols and their options
  $ qu-bench report results/latest           the report once more
  $ qu-bench calibrate --out mine.json       what operations cost here, for simulation

Data go to stdout, everything else to stderr. QU_BENCH_DEBUG=1 adds stack traces to errors.`;

/** The command line as a function: `arguments_` without the program's name. Resolves to the exit code and never rejects. */
export async function runCli(arguments_: readonly string[], environment: CliEnvironment): Promise<ExitCode> {
  let code: ExitCode = ExitCode.ok;
  const onDone = (ended: ExitCode) => {
    code = ended;
  };
  const program = new Command('qu-bench')
    .description(DESCRIPTION)
    .version(toolVersion())
    .addHelpText('after', EXAMPLES)
    .addCommand(runCommand(environment, onDone))
    .addCommand(validateCommand(environment, onDone))
    .addCommand(reportCommand(environment, onDone))
    .addCommand(listCommand(environment))
    .addCommand(calibrateCommand(environment, onDone));
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => environment.stdout.write(text),
      writeErr: (text) => environment.stderr.write(text),
      // Said once, below, in this tool's form.
      outputError: () => {},
    });
  }
  try {
    await program.parseAsync([...arguments_], { from: 'user' });
    return code;
  } catch (error) {
    return explain(error, environment);
  }
}

/** One line on stderr, and the exit code. */
function explain(error: unknown, { stderr, debug }: CliEnvironment): ExitCode {
  if (error instanceof CommanderError && error.exitCode === 0) return ExitCode.ok;
  // Help that was not asked for has been printed in place of an error.
  if (error instanceof CommanderError && error.code === 'commander.help') return ExitCode.usage;
  const [message, code] = messageOf(error);
  stderr.write(`qu-bench: ${message.trim().replaceAll(/\s*\n\s*/g, ' ')}\n`);
  if (debug && error instanceof Error) stderr.write(`${error.stack ?? ''}\n`);
  return code;
}

function messageOf(error: unknown): readonly [string, ExitCode] {
  if (error instanceof CommanderError) return [error.message.replace(/^error: /, ''), ExitCode.usage];
  if (error instanceof UsageError) return [error.message, ExitCode.usage];
  if (error instanceof RunFailure) return [error.message, error.code];
  if (error instanceof RuntimeFailure) return [error.message, ExitCode.failed];
  const message = error instanceof Error ? error.message : String(error);
  return [`${message} (unforeseen; QU_BENCH_DEBUG=1 shows where)`, ExitCode.failed];
}
