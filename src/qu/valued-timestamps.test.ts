import { describe, expect, test } from 'vitest';
import { FIRST_CLIENT } from '../kernel/identifiers.ts';
import { Limit } from '../wire/limits.ts';
import { encodeRequest } from '../wire/request.ts';
import { encodeHistorySet } from './history-set.ts';
import { CANDIDATE_BYTES, INITIAL_HISTORY } from './replica-history.ts';
import { TIMESTAMP_BYTES } from './timestamp.ts';

/**
 * Why compact timestamps are no switch (timestamp.ts): a model of timestamps that hold operation and history set themselves, for an object
 * with one client at work, whose replicas agree and prune all that they may.
 */
interface Timestamp {
  /** Undefined for the initial one. */
  readonly operation: number | undefined;
  /** The only history in it, as all replicas have the same. */
  readonly history: readonly Candidate[];
}

interface Candidate {
  readonly timestamp: Timestamp;
  readonly conditionedOn: Timestamp;
}

const initial: Timestamp = { operation: undefined, history: [] };

/** The timestamps of so many updates; each method leaves the candidate that it is conditioned on, and its own. */
function timestampsOf(updates: number): readonly Timestamp[] {
  const made: Timestamp[] = [];
  let history: readonly Candidate[] = [{ timestamp: initial, conditionedOn: initial }];
  for (let operation = 0; operation < updates; operation++) {
    const before = history.at(-1);
    if (before === undefined) throw new Error('a history holds a candidate');
    const timestamp = { operation, history };
    history = [before, { timestamp, conditionedOn: before.timestamp }];
    made.push(timestamp);
  }
  return made;
}

const increment = { object: 'x', method: 'increment', argument: new Uint8Array(0) };
const OPERATION_BYTES = encodeRequest(FIRST_CLIENT, 1, increment).length;
const DIGEST_BYTES = 32;
const HEAD_BYTES = TIMESTAMP_BYTES - 2 * DIGEST_BYTES;
/** What a set of one history adds to the history, at f = 1. */
const SET_BYTES =
  encodeHistorySet({ histories: [INITIAL_HISTORY], indexes: new Uint8Array(6) }).length - CANDIDATE_BYTES;

/** Bytes of each timestamp in the formats as they are, but for the values in place of the digests. */
function sizesOf(timestamps: readonly Timestamp[]): readonly number[] {
  const sizes = new Map<Timestamp, number>([[initial, HEAD_BYTES]]);
  const known = (timestamp: Timestamp) => sizes.get(timestamp) ?? Number.NaN;
  for (const timestamp of timestamps) {
    const candidates = timestamp.history.map((each) => known(each.timestamp) + known(each.conditionedOn));
    const history = candidates.reduce((sum, bytes) => sum + bytes, 0);
    sizes.set(timestamp, HEAD_BYTES + OPERATION_BYTES + SET_BYTES + history);
  }
  return timestamps.map(known);
}

function operationsIn(newest: Timestamp): number {
  const found = new Set<Timestamp>();
  const visit = (timestamp: Timestamp): void => {
    if (found.has(timestamp) || timestamp.operation === undefined) return;
    found.add(timestamp);
    for (const candidate of timestamp.history) {
      visit(candidate.timestamp);
      visit(candidate.conditionedOn);
    }
  };
  visit(newest);
  return found.size;
}

describe('timestamps with values in place of digests', () => {
  test('double with each update, however few candidates are kept, and soon pass the largest message', () => {
    const sizes = sizesOf(timestampsOf(25));
    for (const [index, size] of sizes.entries()) {
      expect(size).toBeGreaterThanOrEqual(index === 0 ? 0 : 2 * (sizes[index - 1] ?? 0));
    }
    expect(sizes.filter((size) => size <= Limit.messageBytes)).toHaveLength(15);
    expect(sizes.at(-1)).toBeGreaterThan(1_000 * Limit.messageBytes);
  });

  test('hold every operation since the object began, so that no encoding bounds them', () => {
    for (const updates of [1, 2, 10, 200]) {
      const newest = timestampsOf(updates).at(-1);
      expect(newest === undefined ? 0 : operationsIn(newest)).toBe(updates);
    }
  });
});
