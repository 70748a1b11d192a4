import type { Catalog } from '../suites/catalog.ts';

/** Everything that the command line takes from outside, so that it can be run as a function. */
export interface CliEnvironment {
  readonly catalog: Catalog;
  readonly reporting: Reporting;
  /** Data: CONFIG and RESULTS blocks, lists, JSON. */
  readonly stdout: Output;
  /** Everything else: progress, warnings, the one line of an error. */
  readonly stderr: Output;
  readonly workingDirectory: string;
  /** Errors come with their stack traces. */
  readonly debug: boolean;
  /** Aborted by Ctrl-C: the run closes what it started, keeps finished rows and reports on them. */
  readonly signal: AbortSignal;
  now(): Date;
}

export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** How results become reports; the harness knows nothing of figures and tables. */
export interface Reporting {
  /** Writes summary and figures into a results directory. Throws UsageError if that holds no results. */
  write(directory: string): Promise<WrittenReport>;
}

export interface WrittenReport {
  /** Tables for the terminal, without a heading of their own. */
  readonly text: string;
  /** The same as data, for `--json`. */
  readonly json: unknown;
  /** Rows that are not valid. */
  readonly refusedRows: number;
  /** How well simulated rows predict measured ones; absent if no point is there in both ways. */
  readonly validation?: { readonly text: string; readonly json: unknown };
}
