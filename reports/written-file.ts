import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ReportInputError } from './input-error.ts';

/** A file of the report. */
export interface WrittenFile {
  /** Relative to the results directory. */
  readonly path: string;
  readonly text: string;
}

/** Throws ReportInputError if one can't be written. */
export async function writeFiles(directory: string, files: readonly WrittenFile[]): Promise<void> {
  for (const { path, text } of files) {
    const file = join(directory, path);
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    } catch (error) {
      throw new ReportInputError(`cannot write ${file}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
