import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ZodObject } from 'zod';
import { protocols } from '../../baselines/registry.ts';
import { pathOf, quotedIn, tableOf } from './testing/markdown-table.ts';
import { isThere, testsIn } from './testing/test-titles.ts';

/** Each protocol's table of features tells no tales: what it names is there, and no option is missing from it. */
const NOT_BUILT = /^not built: .{20,}$/;

function tablePathOf(protocol: string): string {
  const folders = [`src/${protocol}`, `baselines/${protocol}`].filter((folder) => existsSync(pathOf(folder)));
  return `${folders[0]}/FEATURES.md`;
}

describe.each(protocols)('the features of $name', ({ name, options }) => {
  const features = tableOf(tablePathOf(name)).map(
    ({ feature = '', paper = '', files = '', tests = '', option = '' }) => ({
      feature,
      paper,
      isBuilt: !NOT_BUILT.test(files),
      files: quotedIn(files),
      tests: testsIn(tests),
      options: quotedIn(option),
    }),
  );
  const built = features.filter(({ isBuilt }) => isBuilt);

  test('are named once, each with its place in a paper', () => {
    expect(new Set(features.map(({ feature }) => feature)).size).toBe(features.length);
    expect(features.filter(({ feature, paper }) => feature === '' || paper === '')).toEqual([]);
  });

  test('have a file and a test, or the reason why they are not built', () => {
    expect(built.filter(({ files, tests }) => files.length === 0 || tests.length === 0)).toEqual([]);
    const others = features.filter(({ isBuilt }) => !isBuilt);
    expect(others.filter(({ files, tests, options }) => [...files, ...tests, ...options].length > 0)).toEqual([]);
  });

  test('stand in files that exist', () => {
    expect(built.flatMap(({ files }) => files).filter((file) => !existsSync(pathOf(file)))).toEqual([]);
  });

  test('are shown by tests that exist', () => {
    expect(built.flatMap(({ tests }) => tests).filter((named) => !isThere(named))).toEqual([]);
  });

  test('are switched by all options that the protocol has, and no others', () => {
    if (!(options instanceof ZodObject)) throw new Error(`the options of ${name} are no object`);
    const named = new Set(features.flatMap((feature) => feature.options));
    expect([...named].sort()).toEqual(Object.keys(options.shape).sort());
  });
});

test('a title that no test has is found out', () => {
  const file = 'src/qu/timestamp.test.ts';
  expect(isThere({ file, title: 'give back their fields' })).toBe(true);
  expect(isThere({ file, title: 'give back their field' })).toBe(false);
});
