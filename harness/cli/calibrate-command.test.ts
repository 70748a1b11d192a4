import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseCostProfile } from '../costs/shipped-profiles.ts';
import { childNodes } from '../runtimes/testing/leftovers.ts';
import { CommandLine } from './testing/command-line.ts';

let line: CommandLine;
beforeEach(() => {
  line = new CommandLine();
});
afterEach(() => line.remove());

const LITTLE = ['--short', '--mac', 'hmac-sha256', '--protocols', 'unreplicated'];

test('a calibration writes a profile that is valid, and says all that was measured', async () => {
  const file = join(line.directory, 'mine.json');
  const ended = await line.run(['calibrate', '--out', 'mine.json', '--name', 'mine', ...LITTLE]);
  expect([ended.code, childNodes().size]).toEqual([0, 0]);
  const profile = parseCostProfile(JSON.parse(readFileSync(file, 'utf8')), file);
  expect(profile).toMatchObject({ name: 'mine', origin: 'measured', date: '2005-10-23T09:08:07.000Z' });
  expect(Object.keys(profile.macs)).toEqual(['hmac-sha256']);
  expect(Object.keys(profile.execute).sort()).toEqual(['counter', 'kv', 'nfs', 'null']);
  expect(Object.keys(profile.steps)).toEqual(['unreplicated']);
  expect(Object.keys(profile.steps['unreplicated']?.replica.received ?? {})).toEqual(['request', '*']);
  expect(Object.keys(profile.transports)).toEqual(['unix', 'tcp']);
  expect(profile.macs['hmac-sha256']?.digest.us).toBeGreaterThan(0);
  for (const said of ['hmac-sha256: a tag made', 'STEPS OF unreplicated', 'TRANSPORT tcp', 'CHECKS', file]) {
    expect(ended.stdout).toContain(said);
  }
  expect(ended.stderr).toMatch(/^\[ ?1\/\d+\] MAC suite hmac-sha256; about .* left\n/);
  const [, done, total] = /\[(\d+)\/(\d+)\] [^\n]*\n$/.exec(ended.stderr) ?? [];
  expect(done).toBe(total);
  // About a minute, by far more where others take the cores.
}, 240_000);

test('an interrupted one ends its processes and writes nothing', async () => {
  const ended = line.run(['calibrate', '--out', 'mine.json', ...LITTLE]);
  await new Promise((resolve) => setImmediate(resolve));
  line.interrupt.abort(new Error('interrupted by SIGINT'));
  const { code, stderr, stdout } = await ended;
  expect([code, stdout]).toEqual([130, '']);
  expect(stderr).toBe('qu-bench: interrupted: no profile is written\n');
  expect(readdirSync(line.directory)).toEqual([]);
});

describe('what is not understood is one line, exit code 2, and nothing is measured', () => {
  test.each<readonly [string, string]>([
    ['calibrate', "required option '--out <file>' not specified"],
    ['calibrate --out there/mine.json', '--out: there is no directory'],
    [
      'calibrate --out mine.json --name My_machine',
      '--name: a profile name has 1 to 60 small letters, digits, dots and hyphens',
    ],
    [
      'calibrate --out mine.json --mac md5',
      "--mac: unknown MAC suite 'md5'; there are hmac-sha256, blake3, blake2b, siphash-2-4",
    ],
    ['calibrate --out mine.json --protocols pbft,qq', "--protocols: unknown protocol 'qq' (did you mean 'qu'?)"],
  ])('%s', async (command, message) => {
    const ended = await line.run(command.split(' '));
    expect(ended.stderr).toMatch(/^qu-bench: [^\n]*\n$/);
    expect(ended.stderr).toContain(message);
    expect([ended.code, ended.stdout]).toEqual([2, '']);
    expect(existsSync(join(line.directory, 'mine.json'))).toBe(false);
  });

  test('a file that exists', async () => {
    const file = join(line.directory, 'mine.json');
    writeFileSync(file, 'kept');
    const ended = await line.run(['calibrate', '--out', 'mine.json']);
    expect([ended.code, ended.stderr]).toEqual([2, `qu-bench: --out: ${file} exists; name a new file\n`]);
    expect(readFileSync(file, 'utf8')).toBe('kept');
  });
});
