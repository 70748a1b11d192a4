import { describe, expect, test } from 'vitest';
import { NULL_DIGEST } from './digest.ts';
import { type BatchMark, chooseNewView, type NewViewChoice, sameChoice, type ViewChangeClaim } from './new-view.ts';
import { plausible } from './view-change.ts';

const A = new Uint8Array(32).fill(0xa);
const B = new Uint8Array(32).fill(0xb);
const C = new Uint8Array(32).fill(0xc);
const GENESIS = { sequence: 0, digest: NULL_DIGEST };
const EIGHT = { sequence: 8, digest: C };

const at = (sequence: number, view: number, digest: Uint8Array): BatchMark => ({ sequence, view, digest });

/** A claim for view 3 of a replica at the start; what a case is about is given. */
function claim(replica: number, given: Partial<ViewChangeClaim> = {}): ViewChangeClaim {
  return {
    replica,
    incarnation: 0,
    view: 3,
    stable: 0,
    checkpoints: [GENESIS],
    prepared: [],
    prePrepared: [],
    ...given,
  };
}

/** Prepared, and so pre-prepared, at one sequence number in one view. */
function preparedAt(sequence: number, view: number, digest: Uint8Array): Partial<ViewChangeClaim> {
  return { prepared: [at(sequence, view, digest)], prePrepared: [at(sequence, view, digest)] };
}

interface Case {
  readonly name: string;
  readonly claims: readonly ViewChangeClaim[];
  readonly choice: NewViewChoice | undefined;
}

const cases: readonly Case[] = [
  { name: '2f claims do not decide', claims: [claim(1), claim(2)], choice: undefined },
  {
    name: '2f+1 claims of nothing: nothing is proposed again',
    claims: [claim(1), claim(2), claim(3)],
    choice: { checkpoint: GENESIS, batches: [] },
  },
  {
    name: 'prepared at one, pre-prepared at f+1: it may have been committed, so it is kept',
    claims: [claim(1, preparedAt(1, 0, A)), claim(2, { prePrepared: [at(1, 0, A)] }), claim(3)],
    choice: { checkpoint: GENESIS, batches: [A] },
  },
  {
    name: 'pre-prepared only: it cannot have been committed, so it is dropped',
    claims: [claim(1, { prePrepared: [at(1, 0, A)] }), claim(2, { prePrepared: [at(1, 0, A)] }), claim(3)],
    choice: { checkpoint: GENESIS, batches: [] },
  },
  {
    name: 'prepared at one that nobody else vouches for: undecided (A2)',
    claims: [claim(1, preparedAt(1, 0, A)), claim(2), claim(3)],
    choice: undefined,
  },
  {
    name: 'the same, and a fourth claim: 2f+1 have nothing prepared (B), so there is nothing to propose again',
    claims: [claim(0), claim(1, preparedAt(1, 0, A)), claim(2), claim(3)],
    choice: { checkpoint: GENESIS, batches: [] },
  },
  {
    name: 'a lie about a sequence number far above all logs does not draw the choice up there',
    claims: [
      claim(0),
      claim(1, { stable: 2 ** 50, checkpoints: [{ sequence: 2 ** 50, digest: C }], ...preparedAt(2 ** 50 + 1, 0, B) }),
      claim(2, preparedAt(2, 0, A)),
      claim(3, { prePrepared: [at(2, 0, A)] }),
    ],
    choice: { checkpoint: GENESIS, batches: [NULL_DIGEST, A] },
  },
  {
    name: 'the same with nothing else under way',
    claims: [
      claim(0),
      claim(1, { stable: 2 ** 50, checkpoints: [{ sequence: 2 ** 50, digest: C }], ...preparedAt(2 ** 50 + 1, 0, B) }),
      claim(2),
      claim(3),
    ],
    choice: { checkpoint: GENESIS, batches: [] },
  },
  {
    name: 'vouched for in an earlier view only: undecided (A2)',
    claims: [claim(1, preparedAt(1, 2, A)), claim(2, { prePrepared: [at(1, 1, A)] }), claim(3)],
    choice: undefined,
  },
  {
    name: 'two digests prepared: that of the later view is kept (A1)',
    claims: [claim(1, preparedAt(1, 0, A)), claim(2, preparedAt(1, 2, B)), claim(3, preparedAt(1, 2, B))],
    choice: { checkpoint: GENESIS, batches: [B] },
  },
  {
    name: 'two digests prepared in one view: a lie, undecided (A1)',
    claims: [claim(1, preparedAt(1, 1, A)), claim(2, preparedAt(1, 1, B)), claim(3, { prePrepared: [at(1, 1, A)] })],
    choice: undefined,
  },
  {
    name: 'a gap below what was prepared is filled with the null batch',
    claims: [claim(1, preparedAt(2, 0, A)), claim(2, preparedAt(2, 0, A)), claim(3)],
    choice: { checkpoint: GENESIS, batches: [NULL_DIGEST, A] },
  },
  {
    name: 'the highest checkpoint that f+1 hold is where it starts',
    claims: [
      claim(1, { stable: 8, checkpoints: [EIGHT] }),
      claim(2, { checkpoints: [GENESIS, EIGHT] }),
      claim(3, preparedAt(8, 0, A)),
    ],
    choice: { checkpoint: EIGHT, batches: [] },
  },
  {
    name: 'a checkpoint that one holds is none to start from',
    claims: [claim(1, { checkpoints: [GENESIS, EIGHT] }), claim(2), claim(3)],
    choice: { checkpoint: GENESIS, batches: [] },
  },
  {
    name: 'one has passed the only checkpoint that the others hold: undecided',
    claims: [claim(1, { stable: 8, checkpoints: [EIGHT] }), claim(2), claim(3)],
    choice: undefined,
  },
  {
    name: 'what lies above the checkpoint is chosen from claims at or below it',
    claims: [
      claim(1, { stable: 8, checkpoints: [EIGHT], ...preparedAt(9, 1, A) }),
      claim(2, { checkpoints: [GENESIS, EIGHT], ...preparedAt(9, 1, A) }),
      claim(3),
    ],
    choice: { checkpoint: EIGHT, batches: [A] },
  },
];

describe('the new view starts from', () => {
  test.each(cases)('$name', ({ claims, choice }) => {
    expect(chooseNewView(claims, 1)).toEqual(choice);
    expect(chooseNewView([...claims].reverse(), 1)).toEqual(choice);
  });
});

test('a claim is plausible with one prepared batch a sequence number, in order, within its log', () => {
  const prepared = (...sequences: number[]) => claim(1, { prepared: sequences.map((sequence) => at(sequence, 0, A)) });
  expect(plausible(prepared(1, 2, 16), 16)).toBe(true);
  for (const wrong of [prepared(0), prepared(17), prepared(2, 2), prepared(2, 1)])
    expect(plausible(wrong, 16)).toBe(false);
});

test('choices are the same if checkpoint and batches are', () => {
  const choice = { checkpoint: GENESIS, batches: [A, B] };
  expect(sameChoice(choice, { checkpoint: { sequence: 0, digest: new Uint8Array(32) }, batches: [A, B] })).toBe(true);
  expect(sameChoice(choice, { checkpoint: EIGHT, batches: [A, B] })).toBe(false);
  expect(sameChoice(choice, { checkpoint: GENESIS, batches: [A] })).toBe(false);
  expect(sameChoice(choice, { checkpoint: GENESIS, batches: [A, C] })).toBe(false);
});
