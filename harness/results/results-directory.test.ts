import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { UsageError } from '../suites/problem.ts';
import { createResultsDirectory } from './results-directory.ts';
import { runIdOf } from './run-id.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qu-bench-results-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function create(out?: string): string {
  const directory = createResultsDirectory(folder, 'run', out);
  directory.results.close();
  return directory.path;
}

test('a run is named by time and suite', () => {
  expect(runIdOf(new Date('2005-10-23T09:08:07.5Z'), 'local')).toBe('2005-10-23T090807Z-local');
});

test('runs stand side by side, and the link leads to the latest', () => {
  const paths = [create(), create(), create()];
  expect(paths.map((path) => path.slice(folder.length))).toEqual(['/results/run', '/results/run-2', '/results/run-3']);
  expect(readlinkSync(join(folder, 'results', 'latest'))).toBe('run-3');
  expect(readdirSync(join(folder, 'results')).sort()).toEqual(['latest', 'run', 'run-2', 'run-3']);
});

test('a directory that was named is made with its parents, and gets no link', () => {
  expect(create('a/b/c')).toBe(join(folder, 'a/b/c'));
  expect(readdirSync(folder)).toEqual(['a']);
});

test('files are written once', () => {
  const directory = createResultsDirectory(folder, 'run', 'new');
  directory.results.close();
  directory.write('suite.yaml', 'a');
  expect(() => directory.write('suite.yaml', 'b')).toThrow(/EEXIST/);
  expect(readFileSync(join(folder, 'new', 'suite.yaml'), 'utf8')).toBe('a');
});

test.each(['full', 'empty'])('a directory that exists is left alone, %s', (name) => {
  mkdirSync(join(folder, name));
  if (name === 'full') writeFileSync(join(folder, name, 'results.csv'), '');
  expect(() => create(name)).toThrow(new UsageError(`--out: ${join(folder, name)} exists; name a new directory`));
});

test.each([
  ['file', 'a file of that name stands there'],
  ['file/below', 'a part of the path is no directory'],
  ['/proc/qu-bench/a', 'no directory can be made there'],
])('%s is refused in one line', (out, reason) => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => create(out)).toThrow(UsageError);
  expect(() => create(out)).toThrow(reason);
});

// The superuser may write anywhere.
test.runIf(process.getuid?.() !== 0)('a directory without permission is refused in one line', () => {
  mkdirSync(join(folder, 'closed'));
  chmodSync(join(folder, 'closed'), 0o500);
  expect(() => create('closed/a')).toThrow('permission denied');
});

test('a file in the place of the link is no reason to fail', () => {
  mkdirSync(join(folder, 'results', 'latest', 'kept'), { recursive: true });
  create();
  expect(lstatSync(join(folder, 'results', 'latest')).isDirectory()).toBe(true);
  expect(readdirSync(join(folder, 'results')).sort()).toEqual(['latest', 'run']);
});
