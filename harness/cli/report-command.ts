import { resolve } from 'node:path';
import { Command } from 'commander';
import type { CliEnvironment } from './environment.ts';
import { ExitCode } from './exit-code.ts';
import { RunFailure } from './run-failure.ts';

const EXAMPLES = `
Reads DIR/results.csv and writes summary.csv and figures/ beside it, anew. Rows that are not valid enter nothing.

Examples:
  $ qu-bench report results/latest
  $ qu-bench report results/latest --json

Exit code: 0 if every row is valid, 1 if one is not, 2 if there is nothing to report on.`;

export function reportCommand(environment: CliEnvironment, onDone: (code: ExitCode) => void): Command {
  const { reporting, stdout, workingDirectory } = environment;
  return new Command('report')
    .summary('write the report of a results directory again')
    .description('Writes summary, figures and the table of a run from its results.csv.')
    .argument('<directory>', 'what a run left behind')
    .option('--json', 'print the summary as JSON instead of a table')
    .addHelpText('after', EXAMPLES)
    .action(async (directory: string, flags: { readonly json?: true }) => {
      const report = await reporting.write(resolve(workingDirectory, directory));
      stdout.write(flags.json === true ? `${JSON.stringify(report.json, null, 2)}\n` : `${report.text.trimEnd()}\n`);
      if (report.refusedRows > 0) throw new RunFailure(`${report.refusedRows} rows are not valid`, ExitCode.failed);
      onDone(ExitCode.ok);
    });
}
