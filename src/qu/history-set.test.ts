import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MalformedMessage } from '../wire/packing.ts';
import { decodeHistorySet, encodeHistorySet, UNKNOWN, weigh } from './history-set.ts';
import { INITIAL_HISTORY } from './replica-history.ts';
import { historyOf, versionCandidate } from './testing/histories.ts';

const one = versionCandidate(1);
const histories = [historyOf(one), historyOf(one, versionCandidate(2, one))];
const set = { histories, indexes: new Uint8Array([0, 1, 1, UNKNOWN, 1, 0]) };

describe('object history set', () => {
  test('comes back from its bytes', () => {
    const decoded = decodeHistorySet(encodeHistorySet(set), 6);
    expect(decoded.histories.map((history) => Array.from(history))).toEqual(
      histories.map((history) => Array.from(history)),
    );
    expect(decoded.indexes).toEqual(set.indexes);
  });

  test.each([
    ['an index beyond the histories', { histories, indexes: new Uint8Array([0, 1, 2, 0, 0, 0]) }],
    ['a replica too few', { histories, indexes: new Uint8Array(5) }],
    ['a replica too many', { histories, indexes: new Uint8Array(7) }],
    ['a history that descends', { histories: [historyOf(versionCandidate(2), one)], indexes: new Uint8Array(6) }],
  ])('is refused with %s', (_, bad) => {
    expect(() => decodeHistorySet(encodeHistorySet(bad), 6)).toThrow(MalformedMessage);
  });

  test('arbitrary or truncated bytes are refused or decoded, never anything else', () => {
    const whole = encodeHistorySet(set);
    const truncated = fc.nat(whole.length).map((length) => whole.subarray(0, length));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 700 }), truncated), (bytes) => {
        try {
          expect(decodeHistorySet(bytes, 6).indexes).toHaveLength(6);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedMessage);
        }
      }),
    );
  });

  test('a replica that is unknown or not authentic speaks for the initial history', () => {
    expect(weigh(histories, [0, 4], 6)).toEqual([
      { history: histories[1], weight: 4 },
      { history: INITIAL_HISTORY, weight: 2 },
    ]);
  });
});
