import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { partsOf } from './parts.ts';
import { loadSuite } from './suite-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'qu-bench-parts-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const HEAD = 'title: Mine\nsummary: A suite.\n';

/** The parts of a suite of that text, beside which stands a suite `one.yaml`. */
function parts(text: string) {
  writeFileSync(
    join(directory, 'one.yaml'),
    `name: one\n${HEAD}clients: 8\nshort: { clients: 2, repeat: 1 }\nsimulated: { clients: 3 }\n`,
  );
  const file = join(directory, 'whole.yaml');
  writeFileSync(file, `name: whole\n${HEAD}${text}`);
  return partsOf(loadSuite(file), file);
}

test('a suite without parts is measured itself', () => {
  expect(parts('clients: 8\n')).toBeUndefined();
});

test('parts are shipped suites, or files beside the one that names them', () => {
  expect(parts('parts: [local, ./one.yaml]\n')?.map(({ content }) => content.name)).toEqual(['local', 'one']);
});

test('what is set for a part holds in every form of it, and it has a name of its own', () => {
  const [part] =
    parts('parts:\n  - { suite: ./one.yaml, name: two, settings: { clients: 9, workloads: [{ queryShare: 1 }] } }\n') ??
    [];
  expect(part?.content).toEqual({
    name: 'two',
    title: 'Mine',
    summary: 'A suite.',
    clients: [9],
    workloads: [{ queryShare: 1 }],
    short: { repeat: 1 },
    simulated: {},
  });
});

test('a setting of a part is found where it was written', () => {
  const [part] = parts('parts:\n  - suite: ./one.yaml\n    name: two\n    settings: { runtime: cloud }\n') ?? [];
  expect(part?.locate({ path: ['runtime'], message: '' })).toContain('whole.yaml:7: parts[0].settings.runtime');
  expect(part?.locate({ path: ['clients'], message: '' })).toContain('one.yaml:4: clients');
});

test.each([
  ['settings of its own', 'clients: 8\nparts: [local]\n', /whole.yaml:4: clients: whole is made of parts/],
  ['two parts of one name', 'parts: [local, local]\n', /whole.yaml:4: parts\[1\]: a second part named local/],
  ['a part that is not there', 'parts: [lacol]\n', /there is no suite file|unknown suite/],
])('%s: one line', (_, text, message) => {
  expect(() => parts(text)).toThrow(message);
});
