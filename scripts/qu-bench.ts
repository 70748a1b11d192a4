#!/usr/bin/env node
import { protocols } from '../baselines/registry.ts';
import type { Reporting } from '../harness/cli/environment.ts';
import { ExitCode } from '../harness/cli/exit-code.ts';
import { runCli } from '../harness/cli/main.ts';
import { runtimes } from '../harness/runtimes/runtimes.ts';
import { UsageError } from '../harness/suites/problem.ts';
import { ReportInputError } from '../reports/input-error.ts';
import { reporting } from '../reports/reporting.ts';
import { services } from '../src/services/services.ts';

/** A directory that can't be reported on was the wrong one to name. */
const reportingOnNamed: Reporting = {
  write: (directory) =>
    reporting.write(directory).catch((error: unknown) => {
      throw error instanceof ReportInputError ? new UsageError(error.message) : error;
    }),
};

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // Whoever asks twice does not want to wait for the nodes to be closed.
    if (interrupt.signal.aborted) process.exit(ExitCode.interrupted);
    interrupt.abort(new Error(`interrupted by ${signal}`));
  });
}
// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', () => process.exit());

const { QU_BENCH_DEBUG = '' } = process.env;
process.exitCode = await runCli(process.argv.slice(2), {
  catalog: { protocols, services, runtimes },
  reporting: reportingOnNamed,
  stdout: process.stdout,
  stderr: process.stderr,
  workingDirectory: process.cwd(),
  debug: QU_BENCH_DEBUG !== '',
  signal: interrupt.signal,
  now: () => new Date(),
});
