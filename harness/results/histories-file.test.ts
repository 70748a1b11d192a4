import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { historyOf, type TestObject, type TestOperation } from '../checkers/testing/histories.ts';
import { writeHistories } from './histories-file.ts';
import { rowWith } from './testing/rows.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qu-bench-histories-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const row = rowWith({ protocol: 'pbft', variant: 'batch 1/2', f: 1, clients: 8, repeat: 3 });

test('every operation is a line; what is not known is null', () => {
  writeHistories(folder, row, [
    historyOf([{ invokedUs: 1.5, completedUs: 2, value: 7, client: 4_096, object: 3 }], 0),
    historyOf([{ invokedUs: 4, query: true, client: 4_097 }], 1),
  ]);
  const file = join(folder, 'histories', 'pbft-batch_1_2-f1-c8-r3.001.jsonl');
  const lines: unknown[] = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toEqual([
    {
      driver: 0,
      client: 4_096,
      object: 'object-3',
      kind: 'update',
      changed: true,
      invoked_us: 1.5,
      completed_us: 2,
      value: 7,
    },
    {
      driver: 1,
      client: 4_097,
      object: 'object-0',
      kind: 'query',
      changed: null,
      invoked_us: 4,
      completed_us: null,
      value: null,
    },
  ]);
});

test('an operation of several objects is one line, with what it did to the others', () => {
  const several = (others: readonly TestObject[]): TestOperation => ({
    invokedUs: 1,
    completedUs: 2,
    value: 3,
    others,
  });
  const operations = [
    several([
      { object: 1, value: 4 },
      { object: 2, value: 5, read: true },
    ]),
    { invokedUs: 3, completedUs: 4, value: 4 },
    { invokedUs: 5, others: [{ object: 2 }] },
  ];
  writeHistories(folder, row, [historyOf(operations)]);
  const lines = readFileSync(join(folder, 'histories', 'pbft-batch_1_2-f1-c8-r3.001.jsonl'), 'utf8')
    .trimEnd()
    .split('\n');
  expect(lines.map((line) => JSON.parse(line).others)).toEqual([
    [
      { object: 'object-1', changed: true, value: 4 },
      { object: 'object-2', changed: false, value: 5 },
    ],
    undefined,
    [{ object: 'object-2', changed: null, value: null }],
  ]);
});

test('a page holds a hundred thousand operations', () => {
  writeHistories(folder, row, [historyOf(Array.from({ length: 100_001 }, () => ({ invokedUs: 0 })))]);
  const pages = readdirSync(join(folder, 'histories')).sort();
  const lines = pages.map(
    (page) =>
      readFileSync(join(folder, 'histories', page), 'utf8')
        .trimEnd()
        .split('\n').length,
  );
  expect([pages.length, lines]).toEqual([2, [100_000, 1]]);
});
