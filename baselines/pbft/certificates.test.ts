import { describe, expect, test } from 'vitest';
import { committed, prepared, preparesNeededFromOthers, type Votes, votesFor } from './certificates.ts';

const A = new Uint8Array(32).fill(0xa);
const B = new Uint8Array(32).fill(0xb);

/** Votes by replica: a letter a digest, a dot none. */
function votes(text: string): Votes {
  return [...text].map((letter) => (letter === 'A' ? A : letter === 'B' ? B : undefined));
}

interface Case {
  readonly faults: number;
  readonly digest: Uint8Array | undefined;
  readonly prepares: string;
  readonly commits: string;
  readonly prepared: boolean;
  readonly committed: boolean;
}

const cases: readonly Case[] = [
  { faults: 1, digest: undefined, prepares: '.AAA', commits: 'AAAA', prepared: false, committed: false },
  { faults: 1, digest: A, prepares: '.A..', commits: '....', prepared: false, committed: false },
  { faults: 1, digest: A, prepares: '.AB.', commits: '....', prepared: false, committed: false },
  { faults: 1, digest: A, prepares: '.AA.', commits: '....', prepared: true, committed: false },
  { faults: 1, digest: A, prepares: '.ABA', commits: 'AA..', prepared: true, committed: false },
  { faults: 1, digest: A, prepares: '.AA.', commits: 'AAB.', prepared: true, committed: false },
  { faults: 1, digest: A, prepares: '.A..', commits: 'AAAA', prepared: false, committed: false },
  { faults: 1, digest: A, prepares: '.AA.', commits: 'A.AA', prepared: true, committed: true },
  { faults: 2, digest: A, prepares: '.AAA...', commits: '.......', prepared: false, committed: false },
  { faults: 2, digest: A, prepares: '.AAAA..', commits: 'AAAA...', prepared: true, committed: false },
  { faults: 2, digest: A, prepares: '..AAAA.', commits: 'AA.A.AA', prepared: true, committed: true },
];

describe.each(cases)('f = $faults, prepares $prepares, commits $commits', (given) => {
  const ballot = { digest: given.digest, prepares: votes(given.prepares), commits: votes(given.commits) };

  test(`prepared: ${given.prepared}`, () => {
    expect(prepared(ballot, given.faults)).toBe(given.prepared);
  });

  test(`committed: ${given.committed}`, () => {
    expect(committed(ballot, given.faults)).toBe(given.committed);
  });
});

test('votes are counted by their content, the excepted replica left out', () => {
  expect(votesFor(votes('.AAB'), new Uint8Array(A))).toBe(2);
  expect(votesFor(votes('.AAB'), A, 1)).toBe(1);
});

test('a backup counts its own prepare, the primary has none', () => {
  expect([preparesNeededFromOthers(true, 2), preparesNeededFromOthers(false, 2)]).toEqual([4, 3]);
});
