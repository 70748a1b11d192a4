import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { settingNames } from '../suites/settings.ts';
import { CommandLine } from './testing/command-line.ts';

let line = new CommandLine();
afterEach(() => {
  line.remove();
  line = new CommandLine();
});

describe('help', () => {
  test('shows how to begin', async () => {
    const ended = await line.run(['--help']);
    expect([ended.code, ended.stderr]).toEqual([0, '']);
    expect(ended.stdout).toContain('$ qu-bench run fault-scalability --short');
  });

  test('of run names the suite key of every flag, and teaches by examples', async () => {
    const { stdout } = await line.run(['run', '--help']);
    for (const name of settingNames) expect(stdout).toContain(`[${name}]`);
    expect(stdout).toContain('Examples:');
  });

  test('stands in for a command that is missing', async () => {
    const ended = await line.run([]);
    expect([ended.code, ended.stdout]).toEqual([2, '']);
    expect(ended.stderr).toContain('Usage: qu-bench');
  });

  test('the version is that of the package', async () => {
    expect((await line.run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('list', () => {
  test.each([
    ['protocols', /^qu +.+\n( +\w+ = .+: .+\n)+pbft +.+\n( +\w+ = .+: .+\n)+unreplicated +/],
    [
      'services',
      /^counter +.+\nkv +.+\n( +\w+ = .+: .+\n)+nfs +.+\n( +\w+ = .+: .+\n)+null +.+\n +requestBytes = 0: bytes of argument a request carries\n/,
    ],
    ['suites', /^contention +.+\nfault-scalability +Throughput against faults tolerated\nlocal +/],
    ['runtimes', /^sim +.+\n$/],
    ['macs', /^hmac-sha256 .+\(default\)\nblake3 .+\nblake2b .+\nsiphash-2-4 .+\n$/],
    ['topologies', /^lan-10g +a machine for every node on one switch, .+$/m],
    ['costs', /^reference +.+ \((measured|published); .+\)$/m],
  ])('%s', async (kind, text) => {
    const ended = await line.run(['list', kind]);
    expect(ended.code).toBe(0);
    expect(ended.stdout).toMatch(text);
    const listed: unknown = JSON.parse((await line.run(['list', kind, '--json'])).stdout);
    expect(listed).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: expect.any(String), summary: expect.any(String) })]),
    );
  });
});

describe('report', () => {
  test('writes the report of a run again', async () => {
    await line.run([
      'run',
      '--runtime',
      'sim',
      '--protocols',
      'unreplicated',
      '--duration',
      '0.05',
      '--warmup',
      '0',
      '--out',
      'a',
    ]);
    expect(await line.run(['report', 'a'])).toEqual({ code: 0, stdout: 'a table of 2 rows\n', stderr: '' });
    expect(JSON.parse((await line.run(['report', 'a', '--json'])).stdout)).toEqual({ rows: 2 });
  });

  test('of a directory without results is one line', async () => {
    const nowhere = join(line.directory, 'nowhere');
    expect(await line.run(['report', 'nowhere'])).toEqual({
      code: 2,
      stdout: '',
      stderr: `qu-bench: no results.csv in ${nowhere}\n`,
    });
  });
});
