import { describe, expect, test } from 'vitest';
import { classify, currencyBound, orderOf, type WeighedHistory } from './classification.ts';
import { type Candidate, INITIAL_CANDIDATE, timestampOf } from './replica-history.ts';
import { barrierCandidate, held, versionCandidate } from './testing/histories.ts';

/** b = 1: n = 6, quorum 5, repairable 3. */
const thresholds = { quorum: 5, repairable: 3 };
const initial = INITIAL_CANDIDATE;
const one = versionCandidate(1);
const two = versionCandidate(2, one);
const rival = versionCandidate(2, one, 1);
const barrier = barrierCandidate(3, one);
const laterBarrier = barrierCandidate(4, one, 1);
const copied = versionCandidate(4, one, 1);

interface Case {
  readonly name: string;
  readonly histories: readonly WeighedHistory[];
  readonly type: ReturnType<typeof classify>['type'];
  /** The candidate that the operation is conditioned on or, inline, completes. */
  readonly about: Candidate | undefined;
  /** The newest own time at which a replica may accept; undefined for a barrier. */
  readonly bound: Candidate | undefined;
}

const cases: readonly Case[] = [
  {
    name: 'nothing known: the initial version is complete',
    histories: [held(6, initial)],
    type: 'method',
    about: initial,
    bound: initial,
  },
  {
    name: 'newest version at a whole quorum',
    histories: [held(5, initial, one), held(1, initial)],
    type: 'method',
    about: one,
    bound: one,
  },
  { name: 'newest version everywhere', histories: [held(6, one, two)], type: 'method', about: two, bound: two },
  {
    name: 'newest version at 4b: repairable, one short of complete',
    histories: [held(4, one, two), held(2, one)],
    type: 'inlineMethod',
    about: two,
    bound: two,
  },
  {
    name: 'newest version at exactly 2b+1',
    histories: [held(3, one, two), held(3, one)],
    type: 'inlineMethod',
    about: two,
    bound: two,
  },
  {
    name: 'newest version at 2b: it may never have been complete',
    histories: [held(2, one, two), held(4, one)],
    type: 'barrier',
    about: one,
    bound: undefined,
  },
  {
    name: 'a single replica claims something newer',
    histories: [held(5, one, two), held(1, one, two, versionCandidate(9, two, 5))],
    type: 'barrier',
    about: two,
    bound: undefined,
  },
  {
    name: 'two rivals, neither repairable',
    histories: [held(2, one, two), held(2, one, rival), held(2, one)],
    type: 'barrier',
    about: one,
    bound: undefined,
  },
  {
    name: 'two rivals, the older one repairable',
    histories: [held(3, one, two), held(3, one, rival)],
    type: 'inlineMethod',
    about: rival,
    bound: rival,
  },
  {
    name: 'the repairable rival is the older one',
    histories: [held(4, one, two), held(2, one, rival)],
    type: 'barrier',
    about: two,
    bound: undefined,
  },
  {
    name: 'barrier complete over a complete version',
    histories: [held(5, one, barrier), held(1, one)],
    type: 'copy',
    about: one,
    bound: barrier,
  },
  {
    name: 'barrier complete over an unfinished, repairable version',
    histories: [held(3, one, two, barrier), held(2, one, barrier), held(1, one)],
    type: 'copy',
    about: two,
    bound: barrier,
  },
  {
    name: 'barrier complete, an unrepairable version is given up',
    histories: [held(2, one, two, barrier), held(3, one, barrier), held(1, one)],
    type: 'copy',
    about: one,
    bound: barrier,
  },
  {
    name: 'barrier repairable',
    histories: [held(3, one, barrier), held(3, one)],
    type: 'inlineBarrier',
    about: barrier,
    bound: barrier,
  },
  {
    name: 'barrier at 2b only',
    histories: [held(2, one, barrier), held(4, one)],
    type: 'barrier',
    about: one,
    bound: undefined,
  },
  {
    name: 'a newer barrier at one replica',
    histories: [held(5, one, barrier), held(1, one, laterBarrier)],
    type: 'barrier',
    about: one,
    bound: undefined,
  },
  {
    name: 'copy complete',
    histories: [held(5, one, barrier, copied), held(1, one)],
    type: 'method',
    about: copied,
    bound: copied,
  },
  {
    name: 'copy repairable',
    histories: [held(3, one, barrier, copied), held(2, one, barrier), held(1, one)],
    type: 'inlineMethod',
    about: copied,
    bound: copied,
  },
  {
    name: 'copy begun: another barrier',
    histories: [held(1, one, barrier, copied), held(4, one, barrier), held(1, one)],
    type: 'barrier',
    about: one,
    bound: undefined,
  },
  {
    name: 'old answers mixed with new, nothing repairable',
    histories: [held(2, one), held(2, two), held(2, versionCandidate(3, two))],
    type: 'barrier',
    about: undefined,
    bound: undefined,
  },
  {
    name: 'complete barrier, but no repairable version is shown',
    histories: [held(5, barrier), held(1, one)],
    type: 'barrier',
    about: undefined,
    bound: undefined,
  },
];

describe('classification, b = 1', () => {
  test.each(cases)('$name: $type', ({ histories, type, about, bound }) => {
    const found = classify(histories, thresholds);
    expect(found.type).toBe(type);
    const candidate = 'candidate' in found ? found.candidate : found.conditionedOn;
    expect(candidate === undefined ? undefined : Array.from(candidate)).toEqual(
      about === undefined ? undefined : Array.from(about),
    );
    const limit = currencyBound(found);
    expect(limit === undefined ? undefined : Array.from(timestampOf(limit))).toEqual(
      bound === undefined ? undefined : Array.from(timestampOf(bound)),
    );
  });

  test.each(cases)('$name, without inline repair', ({ histories, type, about }) => {
    const found = classify(histories, { ...thresholds, inlineRepair: false });
    const isInline = type === 'inlineMethod' || type === 'inlineBarrier';
    expect(found.type).toBe(isInline ? 'barrier' : type);
    if (found.type === 'barrier' && isInline) {
      // What would have been completed in place is what the copy will carry on; a barrier's own is behind it.
      expect(found.conditionedOn).toEqual(type === 'inlineMethod' ? about : one);
      expect(currencyBound(found)).toBeUndefined();
    }
  });

  test('a candidate has one order for each pair: the same timestamp conditioned otherwise is another candidate', () => {
    const otherwise = new Uint8Array(two);
    otherwise[otherwise.length - 1] = 1;
    const histories = [held(3, one, two), held(2, one, otherwise)];
    expect(orderOf(histories, two)).toBe(3);
    expect(orderOf(histories, otherwise)).toBe(2);
  });
});

describe('thresholds: why 4b+1 and 2b+1', () => {
  test.each([1, 2, 3, 5])('b = %i: what completed at one quorum is repairable in every other, its rival never', (b) => {
    const n = 5 * b + 1;
    const quorum = 4 * b + 1;
    const limits = { quorum, repairable: 2 * b + 1 };
    // The candidate is at a quorum of which b replicas lie; the reader misses b others. The liars show a rival instead.
    const truthful = quorum - b - b;
    const seen = [held(truthful, one, two), held(b, one, rival), held(n - quorum, one), held(b, one)];
    expect(orderOf(seen, two)).toBeGreaterThanOrEqual(limits.repairable);
    expect(orderOf(seen, rival)).toBeLessThan(limits.repairable);
  });
});
