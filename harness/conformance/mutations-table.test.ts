import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { mistakes } from '../../baselines/pbft/testing/mistakes.ts';
import { protocols } from '../../baselines/registry.ts';
import { pathOf, quotedIn, tableOf, textOf } from './testing/markdown-table.ts';
import { plantedDefects } from './testing/planted-defects.ts';
import { textsIn } from './testing/test-titles.ts';

/** MUTATIONS.md lists what the code plants, no more and no less. */
const CHECKS = ['history', 'completion', 'versions', 'lone replica'];
const CHECK_OF = { history: 'history', progress: 'completion' } as const;
/** How a test ends its title that plants a mistake of its own. */
const PLANTED = ' (planted mistake)';

const rows = tableOf('harness/conformance/MUTATIONS.md').map(
  ({ mistake, protocol, 'found by': found = '', check }) => ({
    mistake,
    protocol,
    file: quotedIn(found)[0],
    check,
  }),
);

function plantedInTitles(): readonly { readonly mistake: string; readonly file: string }[] {
  const files = ['src', 'baselines', 'harness'].flatMap((folder) =>
    readdirSync(pathOf(folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
  );
  const elsewhere = files.filter(
    (file) => file.endsWith('.test.ts') && file !== 'harness/conformance/mutations-table.test.ts',
  );
  return elsewhere.flatMap((file) =>
    textsIn(textOf(file))
      .filter((text) => text.endsWith(PLANTED))
      .map((title) => ({ mistake: title.slice(0, -PLANTED.length), file })),
  );
}

const listed = [
  ...plantedDefects.map(({ name, breaks }) => ({
    mistake: name,
    file: 'harness/conformance/planted-defects.test.ts',
    check: CHECK_OF[breaks],
  })),
  ...mistakes.map(({ name, breaks }) => ({
    mistake: name,
    file: 'baselines/pbft/mutations.test.ts',
    check: CHECK_OF[breaks],
  })),
];

test('the mistakes of the lists are in the table, with their file and check', () => {
  const inTable = rows.map(({ mistake, file, check }) => ({ mistake, file, check }));
  expect(inTable).toEqual(expect.arrayContaining([...listed]));
});

test('so are those that tests plant by themselves, and nothing else is', () => {
  const planted = [...listed, ...plantedInTitles()].map(({ mistake, file }) => `${file}: ${mistake}`);
  expect(rows.map(({ mistake, file }) => `${file}: ${mistake}`).sort()).toEqual(planted.sort());
});

test('each names a protocol and a check', () => {
  const names = protocols.map(({ name }) => name);
  expect(rows.filter(({ protocol = '', check = '' }) => !names.includes(protocol) || !CHECKS.includes(check))).toEqual(
    [],
  );
});
