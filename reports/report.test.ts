import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ResultRow } from '../harness/results/columns.ts';
import { dictionary } from './data-dictionary.ts';
import { ReportInputError } from './input-error.ts';
import { writeReport } from './report.ts';
import { reporting } from './reporting.ts';
import { readResults } from './results-file.ts';
import { resultsCsv, row } from './testing/rows.ts';

const fixture = fileURLToPath(new URL('./testing/fixtures/fault-scalability', import.meta.url));
let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'qu-bench-report-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

async function copyFixture(): Promise<void> {
  for (const name of ['results.csv', 'manifest.json']) await cp(join(fixture, name), join(directory, name));
}

function read(path: string): Promise<string> {
  return readFile(join(directory, path), 'utf8');
}

/** The same row, simulated on the shared host. */
function simulated(measured: ResultRow): ResultRow {
  return { ...measured, runtime: 'sim', throughput_ops_s: 1.05 * (measured.throughput_ops_s ?? 0) };
}

const figures = ['throughput-vs-faults', 'latency-vs-faults', 'dedicated-bound-vs-faults'];

test('writes summary, differences, figures with their data, dictionary and report, and says so', async () => {
  await copyFixture();
  const report = await writeReport(directory);
  const expected = [
    'summary.csv',
    'differences.csv',
    ...figures.flatMap((name) => [`figures/${name}.svg`, `figures/${name}.csv`]),
    'data-dictionary.csv',
    'data-dictionary.md',
    'report.md',
  ];
  expect([...report.files].sort()).toEqual([...expected].sort());
  for (const path of expected) expect((await read(path)).length).toBeGreaterThan(100);
  expect(report.rows).toEqual({ valid: 64, invalid: 1, unknown: 1 });
  expect(report.warnings).toEqual([]);
});

test('the same results give the same bytes, also over an older report', async () => {
  await copyFixture();
  const { files } = await writeReport(directory);
  const first = await Promise.all(files.map(read));
  await writeReport(directory);
  expect(await Promise.all(files.map(read))).toEqual(first);
});

test('every column of every CSV is in the data dictionary, and no other', async () => {
  await copyFixture();
  const { rows } = await readResults(directory);
  await writeFile(join(directory, 'results.csv'), resultsCsv([...rows, ...rows.map(simulated)]));
  const { files } = await writeReport(directory);
  const documented = dictionary.map(({ file, name }) => `${file} ${name}`);
  const csvs = ['results.csv', ...files.filter((path) => path.endsWith('.csv') && path !== 'data-dictionary.csv')];
  const written = await Promise.all(
    csvs.map(async (path) => ((await read(path)).split('\n')[0] ?? '').split(',').map((name) => `${path} ${name}`)),
  );
  expect(new Set(written.flat())).toEqual(new Set(documented));
});

test('report.md holds tables, figures, fairness and the host', async () => {
  await copyFixture();
  await writeReport(directory);
  const markdown = await read('report.md');
  for (const name of figures) expect(markdown).toContain(`](figures/${name}.svg)`);
  expect(markdown).toContain('| CPU | Example CPU, 2 cores |');
  expect(markdown).toContain('| command | `qu-bench run fault-scalability` |');
  expect(markdown).toContain('| seed | 101 |');
  expect(markdown).toContain('| commit | 0123456789abcdef, with changes that are not committed |');
  expect(markdown).toContain('64 valid, 1 invalid and 1 unknown rows');
  expect(markdown).toMatch(
    /\| Q\/U \| hmac-sha256 \| .*inlineRepair.* \| none: state in memory only \| of all threads of the process \| process \|/,
  );
  expect(markdown).toContain('history is not linearizable: value 17 returned twice');
});

test('several settings in one directory have figures of their own', async () => {
  await writeFile(join(directory, 'results.csv'), resultsCsv([row(), row({ mac: 'siphash-2-4' })]));
  const { files, warnings } = await writeReport(directory);
  expect(files).toEqual(
    expect.arrayContaining([
      'figures/throughput-vs-faults-hmac-sha256.svg',
      'figures/throughput-vs-faults-siphash-2-4.csv',
    ]),
  );
  expect(warnings).toEqual(['no manifest.json: the host is not known']);
});

test('simulated rows beside measured ones become a validation, and what else was simulated is told with its error', async () => {
  const rows = [row(), row({ f: 2 })];
  const predicted = rows.map((one) => ({ ...simulated(one), topology: 'lan-10g' }));
  await writeFile(join(directory, 'results.csv'), resultsCsv([...rows, ...rows.map(simulated), ...predicted]));
  const { files, text, comparisons, validation } = await writeReport(directory);
  expect(files).toEqual(
    expect.arrayContaining([
      'validation.csv',
      'validation.md',
      'figures/validation.svg',
      'figures/validation.csv',
      'figures/throughput-vs-faults-process-shared-host.svg',
      'figures/throughput-vs-faults-sim-lan-10g.svg',
    ]),
  );
  expect(comparisons.map(({ setting }) => [setting.runtime, setting.topology])).toEqual([
    ['process', 'shared-host'],
    ['sim', 'lan-10g'],
  ]);
  expect(validation?.met).toBe(true);
  expect(text).toContain('Throughput and latency, simulated: lan-10g');
  expect(text).toContain('predicted: validated on this host, f = 1..2, 8 clients: off by throughput 5 % in the median');
  expect(await read('report.md')).toContain('Target met: predicted throughput is off by 5 %');
  const written = await reporting.write(directory);
  expect(written.validation?.text).toMatch(/^Target met: /);
  expect(written.validation?.json).toMatchObject({ met: true, points: [{ f: 1 }, { f: 2 }] });
});

test('a run without a valid row is reported without figures', async () => {
  await writeFile(
    join(directory, 'results.csv'),
    resultsCsv([row({ verdict: 'invalid', verdict_reason: 'no quorum' })]),
  );
  const { files, text } = await writeReport(directory);
  expect(files.filter((path) => path.startsWith('figures/'))).toEqual([]);
  expect(await readdir(directory)).not.toContain('figures');
  expect(text).toContain('no quorum');
});

test.each([
  ['{', 'manifest.json: not JSON'],
  ['{"host":{"cores":"many"}}', 'manifest.json: host.cores'],
])('the manifest %s is one clear line', async (content, message) => {
  await copyFixture();
  await writeFile(join(directory, 'manifest.json'), content);
  await expect(writeReport(directory)).rejects.toThrow(ReportInputError);
  await expect(writeReport(directory)).rejects.toThrow(message);
});

test('a place that cannot be written is one clear line', async () => {
  await copyFixture();
  await mkdir(join(directory, 'summary.csv'));
  await expect(writeReport(directory)).rejects.toThrow(/^cannot write .*summary\.csv: /);
});

test('the command line gets the text and the same as data, without unknown cells', async () => {
  await copyFixture();
  const { text, json } = await reporting.write(directory);
  expect(text).toContain('Throughput and latency, real: shared host, 2 cores');
  const data: unknown = JSON.parse(JSON.stringify(json));
  expect(data).toMatchObject({
    rows: { valid: 64 },
    summary: expect.arrayContaining([expect.objectContaining({ f: 1 })]),
  });
  expect(JSON.stringify(json)).not.toContain('null');
});

test('the plotting libraries are loaded only when a figure is drawn', async () => {
  const { metafile } = await build({
    entryPoints: [fileURLToPath(new URL('./reporting.ts', import.meta.url))],
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    outdir: directory,
    write: false,
    metafile: true,
  });
  const outputs = Object.entries(metafile.outputs);
  const importsOf = (path: string) => metafile.outputs[path]?.imports ?? [];
  const entry = outputs.find(([, { entryPoint }]) => entryPoint?.endsWith('reporting.ts'))?.[0] ?? '';
  const reached = new Set([entry]);
  for (const path of reached) {
    for (const { path: next, kind } of importsOf(path)) if (kind === 'import-statement') reached.add(next);
  }
  expect(reached).toContain('csv-parse/sync');
  expect([...reached].filter((path) => path.startsWith('vega'))).toEqual([]);
  expect(outputs.flatMap(([path]) => importsOf(path).map(({ path: next }) => next))).toContain('vega');
});
