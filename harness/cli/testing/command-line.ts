import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import type { Runtime } from '../../runtimes/runtime.ts';
import { UsageError } from '../../suites/problem.ts';
import { catalogWith } from '../../suites/testing/catalog.ts';
import type { Output, Reporting } from '../environment.ts';
import { runCli } from '../main.ts';

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const records = z.array(z.record(z.string(), z.string()));

/** The rows of a results.csv, all cells as text. */
export function rowsOf(directory: string): readonly Readonly<Record<string, string>>[] {
  return records.parse(parse(readFileSync(join(directory, 'results.csv'), 'utf8'), { columns: true }));
}

/** The least report there is: how many rows the directory holds. */
const countingReport: Reporting = {
  async write(directory) {
    await Promise.resolve();
    let rows: ReturnType<typeof rowsOf>;
    try {
      rows = rowsOf(directory);
    } catch {
      throw new UsageError(`no results.csv in ${directory}`);
    }
    const refusedRows = rows.filter((row) => row['verdict'] !== 'valid').length;
    return { text: `a table of ${rows.length} rows`, json: { rows: rows.length }, refusedRows };
  },
};

/** The command line as a function, in a directory of its own. */
export class CommandLine {
  readonly directory = mkdtempSync(join(tmpdir(), 'qu-bench-cli-'));
  readonly interrupt = new AbortController();
  readonly #runtimes: readonly Runtime[];

  constructor(...runtimes: readonly Runtime[]) {
    this.#runtimes = runtimes;
  }

  async run(
    arguments_: readonly string[],
    options: { readonly debug?: boolean; readonly isTTY?: boolean } = {},
  ): Promise<Ended> {
    const stdout = captured(false);
    const stderr = captured(options.isTTY ?? false);
    const code = await runCli(arguments_, {
      catalog: catalogWith(...this.#runtimes),
      reporting: countingReport,
      stdout: stdout.output,
      stderr: stderr.output,
      workingDirectory: this.directory,
      debug: options.debug ?? false,
      signal: this.interrupt.signal,
      now: () => new Date('2005-10-23T09:08:07Z'),
    });
    return { code, stdout: stdout.text(), stderr: stderr.text() };
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

function captured(isTTY: boolean): { readonly output: Output; readonly text: () => string } {
  const output = Object.assign(new PassThrough(), { isTTY, columns: 200 });
  const chunks: string[] = [];
  output.on('data', (chunk) => chunks.push(String(chunk)));
  return { output, text: () => chunks.join('') };
}
