import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { loadCostProfile } from '../costs/shipped-profiles.ts';
import { CommandLine } from './testing/command-line.ts';

let line = new CommandLine();
afterEach(() => {
  line.remove();
  line = new CommandLine();
});

/** Runs with a topology or profile out of a file, and gives what is said of it; the file's name is left out. */
async function saidOf(flag: '--topology' | '--costs', name: string, text: string, further: readonly string[] = []) {
  const file = join(line.directory, name);
  writeFileSync(file, text);
  const ended = await line.run(['run', '--runtime', 'sim', flag, file, ...further]);
  expect([ended.code, ended.stdout]).toEqual([2, '']);
  expect(existsSync(join(line.directory, 'results'))).toBe(false);
  return ended.stderr.replace(file, name);
}

const profileWith = (changes: object) => JSON.stringify({ ...loadCostProfile('reference'), name: 'poor', ...changes });
const wanWith = (delays: string, replicas: string) =>
  `name: mine\nsummary: Mine.\nkind: wan\ntransport: tcp\ninterface: { megabitsPerSecond: 100 }\nregions: [tokyo, paris]\ndelayMs:\n  tokyo: ${delays}\nreplicas: ${replicas}\ndrivers: [paris]\n`;

describe('a simulated run of something wrong is one line, exit code 2, and nothing is run', () => {
  test('an unknown region', async () => {
    expect(await saidOf('--topology', 'mine.yaml', wanWith('{ paris: 110 }', '[tokio]'))).toBe(
      "qu-bench: mine.yaml:9: replicas[0]: unknown region 'tokio' (did you mean 'tokyo'?); there are tokyo, paris\n",
    );
  });

  test('a negative latency', async () => {
    expect(await saidOf('--topology', 'mine.yaml', wanWith('{ paris: -110 }', '[tokyo]'))).toBe(
      'qu-bench: mine.yaml:8: delayMs.tokyo.paris: must not be negative\n',
    );
  });

  test('missing costs', async () => {
    const { blake3, ...macs } = loadCostProfile('reference').macs;
    expect(blake3).toBeDefined();
    expect(await saidOf('--costs', 'mine.json', profileWith({ macs }), ['--mac', 'blake3'])).toMatch(
      /^qu-bench: cost profile poor has no costs of MAC suite 'blake3' .*; it has hmac-sha256, .*: choose one of them with --mac, or calibrate\n$/,
    );
  });

  test('a transport that the profile does not know', async () => {
    const topology = 'name: mine\nsummary: Mine.\nkind: shared-host\ncores: 2\ntransport: pipes\n';
    expect(await saidOf('--topology', 'mine.yaml', topology)).toMatch(
      /^qu-bench: cost profile reference has no costs of transport 'pipes'; it has .*unix.*\n$/,
    );
  });

  test('a profile from another version', async () => {
    expect(await saidOf('--costs', 'mine.json', profileWith({ format: 2 }))).toBe(
      "qu-bench: mine.json: a cost profile of format 2; this version reads format 1: measure it again with 'qu-bench calibrate'\n",
    );
  });

  test('a profile that is cut off', async () => {
    expect(await saidOf('--costs', 'mine.json', profileWith({}).slice(0, 100))).toMatch(
      /^qu-bench: can't read cost profile mine\.json: [^\n]*JSON[^\n]*\n$/,
    );
  });
});
