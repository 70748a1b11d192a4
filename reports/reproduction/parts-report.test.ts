import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { ResultRow } from '../../harness/results/columns.ts';
import { reporting } from '../reporting.ts';
import { resultsCsv, row } from '../testing/rows.ts';
import { partsIn } from './parts-report.ts';

const root = mkdtempSync(join(tmpdir(), 'qu-bench-parts-report-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const sim = { runtime: 'sim', topology: 'cluster-2005', mac: 'hmac-sha256', suite: 'papers-sosp-qu' } as const;

function directoryOf(name: string, parts: Readonly<Record<string, readonly ResultRow[]>>): string {
  const directory = join(root, name);
  for (const [part, rows] of Object.entries(parts)) {
    mkdirSync(join(directory, part), { recursive: true });
    writeFileSync(join(directory, part, 'results.csv'), resultsCsv(rows));
    writeFileSync(join(directory, part, 'manifest.json'), JSON.stringify({ suite: { costs: 'sosp-2005' } }));
  }
  return directory;
}

test('a directory of parts is told from a results directory, and from one of anything else', () => {
  const directory = directoryOf('told', { b: [row()], a: [row()] });
  expect(partsIn(directory)).toEqual(['a', 'b']);
  expect(partsIn(join(directory, 'a'))).toBeUndefined();
  expect(partsIn(join(root, 'nowhere'))).toBeUndefined();
});

test('the report on parts is the reproduction, with what was not run named, and counts rows that are not valid', async () => {
  const directory = directoryOf('papers', {
    'papers-sosp-qu': [
      row({ ...sim, f: 1, throughput_ops_s: 10_000 }),
      row({ ...sim, f: 5, throughput_ops_s: 6_000 }),
      row({ ...sim, f: 5, clients: 2, verdict: 'invalid', verdict_reason: 'broken' }),
    ],
  });
  const { text, refusedRows } = await reporting.write(directory);
  expect(refusedRows).toBe(1);
  expect(text).toMatch(/Q\/U's throughput, b = 1 → 5.* -36 % +read +-40 % +-4 points +yes +\[a\]/);
  expect(text).toContain('suite papers-osdi was not run');
  expect(text).toContain('How the two losses of SOSP 2005 move');
  expect(readdirSync(directory).sort()).toEqual([
    'figures',
    'papers-sosp-qu',
    'reproduction.csv',
    'reproduction.md',
    'sensitivity.csv',
  ]);
  expect(readFileSync(join(directory, 'reproduction.md'), 'utf8')).toContain('![How the losses move');
  expect(readdirSync(join(directory, 'figures'))).toEqual(['sensitivity.svg']);
});
