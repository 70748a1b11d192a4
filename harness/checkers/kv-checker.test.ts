import { expect, test } from 'vitest';
import { kvChecker } from './kv-checker.ts';
import { historyOf, type TestOperation } from './testing/histories.ts';

const write = (value: number, content: number, invokedUs: number, completedUs: number): TestOperation => ({
  value,
  content,
  invokedUs,
  completedUs,
});
const read = (value: number, content: number, invokedUs: number, completedUs: number): TestOperation => ({
  value,
  content,
  invokedUs,
  completedUs,
  query: true,
});
const refusedSwap = (value: number, invokedUs: number, completedUs: number): TestOperation => ({
  value,
  invokedUs,
  completedUs,
  read: true,
});
const lostWrite = (content: number, invokedUs: number): TestOperation => ({ content, invokedUs });

function reasonOf(operations: readonly TestOperation[]): string {
  const outcome = kvChecker.check([historyOf(operations)]);
  return outcome.outcome === 'ok' ? 'ok' : outcome.reason;
}

test.each<[string, readonly TestOperation[]]>([
  ['reads of nothing, then of what was written', [read(0, 0, 0, 1), write(1, 7, 2, 3), read(1, 7, 4, 5)]],
  ['a refused swap, which is a read without content', [write(1, 7, 0, 1), refusedSwap(1, 2, 3), write(2, 8, 4, 5)]],
  ['a read of a write of unknown outcome', [lostWrite(7, 0), read(1, 7, 4, 5), read(1, 7, 6, 7)]],
  [
    'a read of what a transfer of unknown outcome left, whatever that is',
    [{ invokedUs: 0, others: [{ object: 1 }] }, read(1, 7, 4, 5), { ...read(1, 8, 6, 7), object: 1 }],
  ],
  [
    'keys apart from each other',
    [
      { ...write(1, 7, 0, 1), object: 0 },
      { ...write(1, 8, 0, 1), object: 1 },
    ],
  ],
])('%s', (_, operations) => {
  expect(reasonOf(operations)).toBe('ok');
});

test.each<[string, readonly TestOperation[], RegExp]>([
  ['two writes of one version', [write(1, 7, 0, 1), write(1, 8, 2, 3)], /value 1 was returned twice/],
  ['a lost write', [write(1, 7, 0, 1), write(3, 8, 2, 3)], /value 2 is missing/],
  ['a stale read', [write(1, 7, 0, 1), read(0, 0, 2, 3)], /read = 0 .* yet returned the older value/],
  ['a stale refusal', [write(1, 7, 0, 1), write(2, 8, 2, 3), refusedSwap(1, 4, 5)], /read = 1 .* older value/],
  ['another content', [write(1, 7, 0, 1), read(1, 8, 2, 3)], /read = 1 .* saw another content than write = 1/],
  ['a content nobody wrote', [lostWrite(7, 0), read(1, 8, 4, 5)], /saw a content that nobody wrote/],
  [
    'two contents of one version that nobody answered for',
    [lostWrite(7, 0), lostWrite(8, 0), read(1, 7, 4, 5), read(1, 8, 6, 7)],
    /saw another content than read = 1/,
  ],
  [
    'two contents of one version that a transfer of unknown outcome left',
    [{ invokedUs: 0, others: [{ object: 1 }] }, read(1, 7, 4, 5), read(1, 8, 6, 7)],
    /saw another content than read = 1/,
  ],
  [
    'another content than a transfer wrote at its second key',
    [
      { ...write(1, 7, 0, 1), others: [{ object: 1, value: 1, content: 8 }] },
      { ...read(1, 7, 2, 3), object: 1 },
    ],
    /^object-1: read = 1 .* saw another content than write = 1/,
  ],
  ['a result that is none', [{ ...read(0, 0, 0, 1), value: Number.NaN }], /no value of a key/],
])('%s', (_, operations, reason) => {
  expect(reasonOf(operations)).toMatch(reason);
});
