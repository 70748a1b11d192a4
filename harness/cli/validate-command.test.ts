import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { FakeRuntime } from '../measure/testing/fake-runtime.ts';
import { CommandLine, rowsOf } from './testing/command-line.ts';

let line: CommandLine;
beforeEach(() => {
  line = new CommandLine(new FakeRuntime({ name: 'process' }));
});
afterEach(() => line.remove());

const TINY = [
  ...['--protocols', 'unreplicated', '--clients', '1', '--repeat', '2', '--out', 'out', '--costs', 'reference'],
  ...['--warmup', '0.01', '--duration', '0.05', '--cooldown', '0'],
];

/** Where nodes share cores, each repeat puts them there anew. */
const SIMULATED = ['1', '2', '3', '4', '5'].map((repeat) => ['sim', 'shared-host', repeat]);

function wrote(file: string): unknown {
  return parse(readFileSync(join(line.directory, 'out', file), 'utf8'));
}

function ranOn() {
  return rowsOf(join(line.directory, 'out')).map((row) => [row['runtime'], row['topology'], row['repeat']]);
}

describe('validate', () => {
  test('measures, then simulates the same points on the cores of this machine', async () => {
    const ended = await line.run(['validate', ...TINY]);
    expect(ended).toMatchObject({ code: 0 });
    expect(ranOn()).toEqual([['process', 'shared-host', '1'], ['process', 'shared-host', '2'], ...SIMULATED]);
    expect(ended.stdout).toContain('1 points, 2 measurements, about 2 s; then 5 simulated');
    expect(ended.stdout).toMatch(/predicted +the same points simulated on topology shared-host, computing costs what/);
    expect(ended.stderr).toMatch(/^\[1\/7\] .* left, then 5 simulated$/m);
    expect(ended.stderr).toMatch(/^\[2\/7\] .*; unknown time left$/m);
    expect(ended.stderr).toMatch(
      /^\[3\/7\] unreplicated f = 0, 1 clients, repeat 1, simulated on shared-host: .*; about .* left$/m,
    );
  });

  test('leaves behind what the predictions follow from', async () => {
    await line.run(['validate', ...TINY]);
    expect(readdirSync(join(line.directory, 'out')).sort()).toEqual([
      'costs.json',
      'manifest.json',
      'results.csv',
      'suite.yaml',
      'topology.yaml',
    ]);
    expect(wrote('topology.yaml')).toMatchObject({ cores: availableParallelism(), transport: 'unix' });
    expect(wrote('costs.json')).toMatchObject({ name: 'reference' });
    const [, , simulated] = rowsOf(join(line.directory, 'out'));
    expect(wrote('manifest.json')).toMatchObject({
      measurements: 7,
      simulations: [{ run: simulated?.['run_id'], topology: 'shared-host', costs: { name: 'reference' } }],
    });
    expect(wrote('suite.yaml')).toMatchObject({ name: 'validation', runtime: 'process', repeat: 2 });
  });

  test('exits 1 if a row is not valid, and simulates nothing after giving up', async () => {
    line.remove();
    line = new CommandLine(new FakeRuntime({ name: 'process', failAt: 'launch' }));
    const ended = await line.run(['validate', ...TINY, '--repeat', '5']);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('gave up after 3 failures in a row: 3 of 3 measurements not valid');
    expect(ranOn()).toHaveLength(3);
  });

  test.each([
    [['--runtime', 'sim'], '--runtime: predictions are compared with real nodes, not sim'],
    [['--costs', 'refrence'], "unknown cost profile 'refrence' (did you mean 'reference'?)"],
    [['--topology', 'lan-10g'], "--topology: real nodes run on this host; 'lan-10g' needs runtime sim"],
  ])('%s is refused in one line', async (flags, message) => {
    const ended = await line.run(['validate', ...TINY, ...flags]);
    expect([ended.code, ended.stdout]).toEqual([2, '']);
    expect(ended.stderr).toMatch(/^qu-bench: [^\n]*\n$/);
    expect(ended.stderr).toContain(message);
    expect(existsSync(join(line.directory, 'out'))).toBe(false);
  });

  test('a directory that exists is refused before anything is measured', async () => {
    const ended = await line.run(['validate', '--out', '.']);
    expect([ended.code, ended.stderr]).toEqual([
      2,
      `qu-bench: --out: ${line.directory} exists; name a new directory\n`,
    ]);
  });

  test('a suite of parts is refused: each has points of its own', async () => {
    expect((await line.run(['validate', 'papers'])).stderr).toBe(
      'qu-bench: suite papers is made of parts: validate one of them\n',
    );
  });

  test('a runtime of which no profile knows the transport cannot be predicted', async () => {
    line.remove();
    line = new CommandLine(new FakeRuntime({ name: 'thread' }));
    expect((await line.run(['validate', ...TINY, '--runtime', 'thread'])).stderr).toContain(
      '--runtime: only process or process-tcp can be predicted; no cost profile knows how thread carries messages',
    );
  });
});

describe('run --predict', () => {
  test('also simulates the points on this machine and on machines of their own', async () => {
    const ended = await line.run(['run', ...TINY, '--repeat', '1', '--predict']);
    expect(ended).toMatchObject({ code: 0 });
    expect(ranOn()).toEqual([['process', 'shared-host', '1'], ...SIMULATED, ['sim', 'lan-10g', '1']]);
    expect(readdirSync(join(line.directory, 'out'))).toEqual(
      expect.arrayContaining(['costs.json', 'topology-lan-10g.yaml', 'topology-shared-host.yaml']),
    );
  });

  test('takes another topology by its name', async () => {
    await line.run(['run', ...TINY, '--repeat', '1', '--predict', 'lan-1g']);
    expect(ranOn().at(-1)).toEqual(['sim', 'lan-1g', '1']);
  });

  test('is refused where nothing is measured', async () => {
    expect((await line.run(['run', ...TINY, '--runtime', 'sim', '--predict'])).stderr).toBe(
      'qu-bench: --predict: simulates what was measured; with --runtime sim nothing is\n',
    );
  });
});
