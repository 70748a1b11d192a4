import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'qu-bench-count-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function count(report: unknown): string {
  const path = join(folder, 'report.json');
  writeFileSync(path, JSON.stringify(report));
  const args = [join(import.meta.dirname, 'count-tests.mjs'), path];
  return spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout;
}

const passed = { status: 'passed', assertionResults: [{ status: 'passed' }] };

test('counts passed and failed tests', () => {
  const failed = { status: 'failed', assertionResults: [{ status: 'passed' }, { status: 'failed' }] };
  expect(count({ numPassedTests: 2, numFailedTests: 1, testResults: [passed, failed] })).toBe('2 passed, 1 failed\n');
});

test('a file that could not be loaded is one failure', () => {
  const unloaded = { status: 'failed', assertionResults: [] };
  expect(count({ numPassedTests: 1, numFailedTests: 0, testResults: [passed, unloaded] })).toBe('1 passed, 1 failed\n');
});
