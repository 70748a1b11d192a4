import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digestOf } from './testing/histories.ts';
import {
  CandidateKind,
  compareTimestamps,
  INITIAL_TIMESTAMP,
  isBarrier,
  isJointAt,
  isJointCopyAt,
  isOfInitialVersion,
  makeTimestamp,
  NO_OPERATION,
  operationDigestOf,
  timeOf,
} from './timestamp.ts';

const base = {
  time: 7,
  kind: CandidateKind.version,
  client: 4096,
  operationDigest: digestOf('a'),
  historySetDigest: digestOf('a'),
};

describe('timestamps', () => {
  const newer = [
    ['time, whatever the rest', { ...base, time: 8, client: 0, operationDigest: digestOf('') }],
    ['a time beyond 32 bits', { ...base, time: 2 ** 33 }],
    ['the kind, whatever the client', { ...base, kind: CandidateKind.barrier, client: 0 }],
    ['client', { ...base, client: 4097, operationDigest: digestOf('') }],
    ['operation digest', { ...base, operationDigest: digestOf('b'), historySetDigest: digestOf('') }],
    ['history-set digest', { ...base, historySetDigest: digestOf('b') }],
  ] as const;

  test.each(newer)('are ordered by %s', (_, fields) => {
    expect(compareTimestamps(makeTimestamp(base), makeTimestamp(fields))).toBeLessThan(0);
    expect(compareTimestamps(makeTimestamp(fields), makeTimestamp(base))).toBeGreaterThan(0);
  });

  test('tell the initial version and its copies from what an operation made', () => {
    expect(isOfInitialVersion(INITIAL_TIMESTAMP)).toBe(true);
    expect(isOfInitialVersion(makeTimestamp({ ...base, operationDigest: NO_OPERATION }))).toBe(true);
    expect(isOfInitialVersion(makeTimestamp(base))).toBe(false);
  });

  test('give back their fields', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.constantFrom(...Object.values(CandidateKind)), (time, kind) => {
        const timestamp = makeTimestamp({ ...base, time, kind });
        expect(timeOf(timestamp)).toBe(time);
        expect(isBarrier(timestamp)).toBe(kind === CandidateKind.barrier);
        expect(isJointAt(timestamp, 0)).toBe(kind === CandidateKind.jointMethod || kind === CandidateKind.jointCopy);
        expect(isJointCopyAt(timestamp, 0)).toBe(kind === CandidateKind.jointCopy);
        expect(operationDigestOf(timestamp)).toEqual(base.operationDigest);
      }),
    );
  });

  test('are all newer than the initial one', () => {
    expect(compareTimestamps(INITIAL_TIMESTAMP, makeTimestamp({ ...base, time: 1 }))).toBeLessThan(0);
    expect(compareTimestamps(INITIAL_TIMESTAMP, INITIAL_TIMESTAMP)).toBe(0);
  });
});
