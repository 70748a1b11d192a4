import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { CommandLine, rowsOf } from './testing/command-line.ts';

const line = new CommandLine();
afterAll(() => line.remove());

const QUICK = ['--warmup', '0.01', '--duration', '0.05', '--cooldown', '0', '--repeat', '1'];

function write(file: string, content: string): string {
  writeFileSync(join(line.directory, file), content);
  return join(line.directory, file);
}

write(
  'one.yaml',
  'name: one\ntitle: The one\nsummary: A part.\nprotocols: [unreplicated]\nruntime: sim\nclients: 2\nshort: { clients: 1 }\n',
);
const whole = write(
  'whole.yaml',
  'name: whole\ntitle: Whole\nsummary: Two parts.\nparts:\n  - ./one.yaml\n  - { suite: ./one.yaml, name: two, settings: { clients: 3 } }\n',
);

const clientsIn = (directory: string) =>
  ['one', 'two'].flatMap((part) =>
    rowsOf(join(line.directory, directory, part)).map(({ suite, clients }) => [suite, clients]),
  );

test('a suite of parts is measured part by part, each into a directory of its own, then reported on as a whole', async () => {
  const ended = await line.run(['run', whole, '--out', 'all', ...QUICK]);
  expect(ended.stdout).toBe('part 1 of 2: one: The one\npart 2 of 2: two: The one\n');
  // The report of these tests reads a results directory alone, and the whole is none.
  expect(ended.stderr).toContain(`no results.csv in ${join(line.directory, 'all')}`);
  expect(readdirSync(join(line.directory, 'all')).sort()).toEqual(['one', 'suite.yaml', 'two']);
  expect(clientsIn('all')).toEqual([
    ['one', '2'],
    ['two', '3'],
  ]);
});

test('what ran runs again', async () => {
  await line.run(['run', join(line.directory, 'all', 'suite.yaml'), '--out', 'again', ...QUICK]);
  expect(clientsIn('again')).toEqual(clientsIn('all'));
});

test('the short form is that of the parts; what is set for a part holds in it', async () => {
  await line.run(['run', whole, '--short', '--out', 'short', '--quiet', ...QUICK]);
  expect(clientsIn('short')).toEqual([
    ['one', '1'],
    ['two', '3'],
  ]);
});

test('a part that is wrong is told before anything is measured', async () => {
  const wrong = write(
    'wrong.yaml',
    'name: wrong\ntitle: Wrong\nsummary: Two parts.\nparts:\n  - ./one.yaml\n  - suite: ./one.yaml\n    name: two\n    settings: { runtime: cloud }\n',
  );
  const ended = await line.run(['run', wrong, '--out', 'wrong', ...QUICK]);
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toMatch(/wrong\.yaml:8: parts\[1\]\.settings\.runtime: unknown runtime 'cloud'/);
});
