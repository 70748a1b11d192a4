import { existsSync, mkdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from '../suites/problem.ts';
import { ResultsFile } from './results-file.ts';

const LATEST = 'latest';
const MOST_ATTEMPTS = 100;

/** The directory that a run of several suites leaves behind, with a results directory for each inside. */
interface PartsDirectory {
  readonly path: string;
  write(file: string, content: string): void;
}

/** The directory that a run leaves behind. */
export interface ResultsDirectory extends PartsDirectory {
  readonly results: ResultsFile;
}

/** As `createResultsDirectory`, without results of its own. */
export function createPartsDirectory(workingDirectory: string, runId: string, out: string | undefined): PartsDirectory {
  const path =
    out === undefined
      ? newDirectory(join(workingDirectory, 'results'), runId)
      : givenDirectory(resolve(workingDirectory, out));
  if (out === undefined) linkLatest(path);
  return { path, write: (file, content) => writeFileSync(join(path, file), content, { flag: 'wx' }) };
}

/** `out`, or a new directory `results/<run>` in `workingDirectory` with a link `results/latest`. Throws UsageError if it can't be used. */
export function createResultsDirectory(
  workingDirectory: string,
  runId: string,
  out: string | undefined,
): ResultsDirectory {
  const directory = createPartsDirectory(workingDirectory, runId, out);
  try {
    return { ...directory, results: new ResultsFile(join(directory.path, 'results.csv')) };
  } catch (error) {
    throw unusable(directory.path, error);
  }
}

function newDirectory(parent: string, runId: string): string {
  try {
    makeDirectory(parent);
  } catch (error) {
    throw unusable(parent, error);
  }
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
    const path = join(parent, attempt === 1 ? runId : `${runId}-${attempt}`);
    try {
      mkdirSync(path);
      return path;
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw unusable(path, error);
    }
  }
  throw new UsageError(`${parent} holds too many runs named ${runId}; name another directory with --out`);
}

function givenDirectory(path: string): string {
  if (existsSync(path) && statSync(path).isDirectory())
    throw new UsageError(`--out: ${path} exists; name a new directory`);
  try {
    makeDirectory(path);
  } catch (error) {
    throw unusable(path, error);
  }
  return path;
}

/** With its parents. Node's own recursion never ends where a system refuses to make a directory with ENOENT, as Linux does in /proc. */
function makeDirectory(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if (isCode(error, 'EEXIST') && statSync(path).isDirectory()) return;
    if (!isCode(error, 'ENOENT') || existsSync(dirname(path))) throw error;
    makeDirectory(dirname(path));
    mkdirSync(path);
  }
}

/** Replaces the link in one step, so that it never points to nothing. A file system without links goes without. */
function linkLatest(path: string): void {
  const link = join(dirname(path), LATEST);
  const temporary = `${link}.${process.pid}`;
  try {
    symlinkSync(basename(path), temporary);
    renameSync(temporary, link);
  } catch {
    rmSync(temporary, { force: true });
  }
}

function unusable(path: string, error: unknown): UsageError {
  const reason = isCode(error, 'EACCES') || isCode(error, 'EPERM') ? 'permission denied' : plain(error);
  return new UsageError(`can't write results to ${path}: ${reason}; name another directory with --out`);
}

function plain(error: unknown): string {
  if (isCode(error, 'EEXIST')) return 'a file of that name stands there';
  if (isCode(error, 'ENOENT')) return 'no directory can be made there';
  if (isCode(error, 'ENOTDIR')) return 'a part of the path is no directory';
  if (isCode(error, 'EROFS')) return 'the file system is read-only';
  if (isCode(error, 'ENOSPC')) return 'the disk is full';
  return error instanceof Error ? error.message : String(error);
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
