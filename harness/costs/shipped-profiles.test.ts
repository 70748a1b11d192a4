import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { UsageError } from '../suites/problem.ts';
import { loadCostProfile, parseCostProfile, shippedProfiles } from './shipped-profiles.ts';

const directory = mkdtempSync(join(tmpdir(), 'qu-bench-costs-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A profile as a file holds it, with some keys set or, where undefined, left out. */
function written(changes: Readonly<Record<string, unknown>>): unknown {
  const text = JSON.stringify({ ...loadCostProfile('reference'), ...changes });
  return JSON.parse(text);
}

function failureOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return 'no failure';
}

const parsing = (content: unknown) => failureOf(() => parseCostProfile(content, 'mine.json'));

test.each(shippedProfiles())('profile %s can be used, and has the name of its file', (name) => {
  expect(loadCostProfile(name).name).toBe(name);
});

test('a file is named by its path', () => {
  const path = join(directory, 'mine.json');
  writeFileSync(path, JSON.stringify(written({ name: 'mine' })));
  expect(loadCostProfile(path).name).toBe('mine');
});

describe('a profile that cannot be used is one line', () => {
  test('that is not there', () => {
    expect(failureOf(() => loadCostProfile('referense'))).toMatch(
      /^unknown cost profile 'referense' \(did you mean 'reference'\?\); there are .*reference.*, or give the path of a file that 'qu-bench calibrate' wrote$/,
    );
    expect(failureOf(() => loadCostProfile('nowhere/mine.json'))).toBe(
      'there is no cost profile file nowhere/mine.json',
    );
  });

  test('that is no JSON', () => {
    const path = join(directory, 'mine.json');
    writeFileSync(path, '{ "format": 1,\n  "name": \n}');
    const message = failureOf(() => loadCostProfile(path));
    expect(message.startsWith(`can't read cost profile ${path}: `)).toBe(true);
    expect(message).toMatch(/JSON/);
  });

  test('that is a directory', () => {
    expect(failureOf(() => loadCostProfile(`${directory}/`))).toMatch(/^can't read cost profile .+: EISDIR/);
  });

  test.each<[string, unknown, string]>([
    [
      'of another version',
      written({ format: 2 }),
      "mine.json: a cost profile of format 2; this version reads format 1: measure it again with 'qu-bench calibrate'",
    ],
    [
      'of another version, whatever else it holds',
      { format: '0.9', costs: [] },
      "mine.json: a cost profile of format 0.9; this version reads format 1: measure it again with 'qu-bench calibrate'",
    ],
    ['of no version', written({ format: undefined }), 'mine.json: format: must be 1'],
    ['that is no object', 17, 'mine.json: expected object, received number'],
    ['without a key', written({ encode: undefined }), 'mine.json: encode: is missing; expected object'],
    [
      'without a role of a protocol',
      written({ steps: { qu: { client: loadCostProfile('reference').steps['*']?.client } } }),
      'mine.json: steps.qu.replica: is missing; expected object',
    ],
    [
      'with a misspelt key',
      written({ decode: { us: 1, usPerKilobytes: 2 } }),
      "mine.json: decode.usPerKilobytes: unknown key 'usPerKilobytes' (did you mean 'usPerKilobyte'?)",
    ],
    ['with a negative cost', written({ decode: { us: -1 } }), 'mine.json: decode.us: must not be negative'],
    [
      'with a negative cost of bytes',
      written({ execute: { '*': { us: 1, usPerKilobyte: -0.5 } } }),
      'mine.json: execute.*.usPerKilobyte: must not be negative',
    ],
    [
      'with a collector that does nothing but pause',
      written({ collector: { replica: { everyUs: 1_000, pauseUs: 1_000 } } }),
      'mine.json: collector.replica: pauseUs must be below everyUs, which it is a part of',
    ],
    ['with a cost that is no number', written({ decode: { us: '1' } }), 'mine.json: decode.us: must be a number'],
  ])('%s', (_, content, message) => {
    expect(parsing(content)).toBe(message);
  });
});
