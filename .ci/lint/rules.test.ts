import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { deadProject, importCrossings, importProject, lintProject, lintViolations } from './planted.ts';

/**
 * Every rule that keeps the architecture must fail where it is crossed. The crossings are planted in a small project of their
 * own under the project's real configuration, and the real commands are run on it.
 */
const root = join(import.meta.dirname, '../..');
const projects: string[] = [];

afterAll(() => {
  for (const project of projects) rmSync(project, { recursive: true, force: true });
});

function plant(files: Readonly<Record<string, string>>): string {
  const project = mkdtempSync(join(tmpdir(), 'qu-bench-lint-'));
  projects.push(project);
  for (const file of [
    'biome.json',
    '.dependency-cruiser.cjs',
    'tsconfig.json',
    'package.json',
    '.gitignore',
    'knip.json',
  ]) {
    cpSync(join(root, file), join(project, file));
  }
  cpSync(join(root, '.ci/lint'), join(project, '.ci/lint'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), content);
  }
  return project;
}

function run(project: string, command: string, ...args: string[]) {
  return spawnSync(join(root, 'node_modules/.bin', command), args, { cwd: project, encoding: 'utf8' });
}

test('biome fails on every planted violation, and on nothing else', () => {
  const project = plant(lintProject);
  const args = ['ci', '--colors=off', '--reporter=github', '--max-diagnostics=none', 'src', 'baselines', 'harness'];
  const { status, stdout } = run(project, 'biome', ...args);
  const found = new Set<string>();
  for (const [, category, file] of stdout.matchAll(/^::error title=([^,]+),file=([^,]+),/gm)) {
    found.add(`${file?.replace(`${project}/`, '')}: ${category}`);
  }
  expect([...found].sort()).toEqual(lintViolations.map(({ path, category }) => `${path}: ${category}`).sort());
  expect(status).toBe(1);
});

const cruiseReport = z.object({
  summary: z.object({ violations: z.array(z.object({ from: z.string(), rule: z.object({ name: z.string() }) })) }),
});
const FOLDERS = ['src', 'baselines', 'harness', 'reports', 'scripts'];

test('dependency-cruiser fails on every planted import, and on nothing else', () => {
  const project = plant(importProject);
  const { stdout } = run(project, 'depcruise', '--output-type', 'json', ...FOLDERS);
  const { violations } = cruiseReport.parse(JSON.parse(stdout)).summary;
  const found = new Set(violations.map(({ from, rule }) => `${from}: ${rule.name}`));
  expect([...found].sort()).toEqual(importCrossings.map(({ path, rule }) => `${path}: ${rule}`).sort());
  expect(run(project, 'depcruise', ...FOLDERS).status).toBeGreaterThan(0);
});

test('knip fails on a dead export and a dead file, and not on what is used', () => {
  const project = plant(deadProject);
  const { status, stdout } = run(project, 'knip', '--include', 'files,exports', '--reporter', 'symbols');
  expect(status).toBe(1);
  expect(stdout).toMatch(/deadExport/);
  expect(stdout).toMatch(/harness\/dead-file\.ts/);
  expect(stdout).not.toMatch(/\bused\b/);
});
