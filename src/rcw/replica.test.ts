import { beforeEach, describe, expect, test } from 'vitest';
import { CountedAuthentication } from '../crypto/counted-authentication.ts';
import { hmacSha256 } from '../crypto/hmac-sha256.ts';
import { FIRST_CLIENT } from '../kernel/identifiers.ts';
import { conditionedRequestBytes, queryBytes, syncBytes } from '../qu/authenticated-bytes.ts';
import { CachedHistorySet } from '../qu/cached-history-set.ts';
import { historySetDigest } from '../qu/history-set.ts';
import { historyAfterMethod, INITIAL_CANDIDATE } from '../qu/replica-history.ts';
import { replicaSet } from '../qu/replica-set.ts';
import { setUp } from '../qu/setup.ts';
import { learn, ReplicaBench, SIZE, secret, THRESHOLDS } from '../qu/testing/replica-bench.ts';
import { operationDigestOf, type Timestamp } from '../qu/timestamp.ts';
import { type AppliedTable, withApplied } from '../qu/version.ts';
import { counterService } from '../services/counter.ts';
import type { RcwMessage, WriteRequest } from './message.ts';
import { rcw } from './protocol.ts';
import { encodeValue, valueDigest } from './value.ts';

const CLIENT = FIRST_CLIENT;
const OBJECT = 'a';
const NO_BYTES = new Uint8Array(0);
const everyone = replicaSet([0, 1, 2, 3, 4, 5], SIZE.replicas);
const objectName = new TextEncoder().encode(OBJECT);
const client = new CountedAuthentication(hmacSha256, secret, CLIENT);

const theirs = { client: CLIENT + 1, number: 7, result: Uint8Array.of(7) };

let bench: ReplicaBench<RcwMessage>;
let cache: CachedHistorySet;

beforeEach(() => {
  bench = new ReplicaBench(rcw, counterService.create({}));
  cache = new CachedHistorySet(OBJECT, SIZE, client);
});

/** A state of one byte, and the table after this client's operation of that number. */
function value(state: number, number: number, before: AppliedTable = []): Uint8Array {
  const applied = withApplied(before, { client: CLIENT, number, result: Uint8Array.of(state) });
  return encodeValue({ state: Uint8Array.of(state), applied });
}

/** A write of this value on what the client knows in `cache`; what is spoilt does not match. */
function write(bytes: Uint8Array, spoil: { value?: Uint8Array; timestamp?: Timestamp; object?: string } = {}) {
  const { set, digests, classification } = cache.snapshot(THRESHOLDS);
  const derived = setUp(classification, CLIENT, valueDigest(client, objectName, bytes), (conditionedOn) =>
    historySetDigest(client, set, digests, conditionedOn),
  );
  const timestamp = spoil.timestamp ?? new Uint8Array(derived.timestamp);
  const { value = bytes, object = OBJECT } = spoil;
  const body = { number: 1, object, value, timestamp, historySet: set, coverage: everyone };
  const tag = new Uint8Array(client.tagBytes);
  client.generate(0, conditionedRequestBytes('update', body.number, timestamp, body.coverage), tag, 0);
  return { type: 'write', body, entries: cache.entriesFor(0), tag } satisfies WriteRequest;
}

function read(forUpdate: boolean): void {
  const tag = new Uint8Array(client.tagBytes);
  client.generate(0, queryBytes(2, objectName, everyone), tag, 0);
  bench.replica.receive(CLIENT, { type: 'read', number: 2, object: OBJECT, forUpdate, coverage: everyone, tag });
}

/** Replica 1 … answers a request for the version of this timestamp. */
function syncReply(from: number, timestamp: Timestamp, version: Uint8Array): void {
  const peer = new CountedAuthentication(hmacSha256, secret, from);
  const tag = new Uint8Array(peer.tagBytes);
  peer.generate(0, syncBytes('syncReply', objectName, timestamp, version), tag, 0);
  bench.replica.receive(from, { type: 'syncReply', object: OBJECT, timestamp, version, tag });
}

describe('a Read/Conditional-Write replica', () => {
  test('keeps what is written, executing nothing, and hands it out', () => {
    const written = value(42, 1);
    bench.replica.receive(CLIENT, write(written));
    expect(bench.lastReply()).toMatchObject({ accepted: true, number: 1, result: NO_BYTES });
    read(true);
    expect(bench.lastReply()).toMatchObject({ accepted: true, number: 2 });
    expect(bench.lastReply().result).toEqual(written);
  });

  test('hands out the initial version of an object that nobody has written', () => {
    read(false);
    expect(bench.lastReply().result).toEqual(encodeValue({ state: new Uint8Array(8), applied: [] }));
    expect(Array.from(bench.lastReply().history)).toEqual(Array.from(INITIAL_CANDIDATE));
  });

  test('counts an update once, at its write, and a read that stands alone', () => {
    read(true);
    expect(bench.counters.get('replica.handled')).toBeUndefined();
    bench.replica.receive(CLIENT, write(value(1, 1)));
    expect(bench.counters.get('replica.handled')).toBe(1);
    read(false);
    expect(bench.counters.get('replica.handled')).toBe(2);
  });

  test('refuses a value that is not the one in the timestamp', () => {
    const { body } = write(value(1, 1));
    bench.replica.receive(CLIENT, write(value(1, 1), { value: value(2, 1) }));
    expect(bench.lastReply().accepted).toBe(false);
    expect(bench.counters.get('rcw.refused.misclassified')).toBe(1);
    read(true);
    expect(Array.from(bench.lastReply().history)).not.toEqual(
      Array.from(historyAfterMethod(INITIAL_CANDIDATE, body.timestamp)),
    );
  });

  test('refuses a write that was meant for another object', () => {
    bench.replica.receive(CLIENT, write(value(1, 1), { object: 'b' }));
    expect(bench.lastReply().accepted).toBe(false);
  });

  test('never has two values under one timestamp: with another value it keeps the first', () => {
    const first = write(value(1, 1));
    bench.replica.receive(CLIENT, first);
    bench.replica.receive(CLIENT, { ...first, body: { ...first.body, value: value(2, 1) } });
    expect(bench.lastReply().accepted).toBe(true);
    read(true);
    expect(bench.lastReply().result).toEqual(value(1, 1));
    expect(bench.counters.get('replica.handled')).toBe(1);
  });

  test('refuses what is conditioned on a version that it is past: a history set replayed', () => {
    bench.replica.receive(CLIENT, write(value(1, 1)));
    bench.replica.receive(CLIENT, write(value(2, 2)));
    expect(bench.lastReply().accepted).toBe(false);
    read(true);
    expect(bench.lastReply().result).toEqual(value(1, 1));
  });

  test.each([
    ['leaves out what another client has done', value(2, 1)],
    ["changes another client's result", value(2, 1, [{ client: CLIENT + 1, number: 7, result: Uint8Array.of(8) }])],
    ['repeats an operation that is in the table', value(2, 0, [theirs])],
  ])('refuses a value that %s', (_, next) => {
    const first = encodeValue({ state: Uint8Array.of(1), applied: [{ client: CLIENT, number: 0, result: NO_BYTES }] });
    bench.replica.receive(CLIENT, write(first));
    expect(bench.counters.get('rcw.refused.notAllowed')).toBe(1);
    const { timestamp } = write(value(1, 1, [theirs])).body;
    learn(cache, { ...emptyReply, history: historyAfterMethod(INITIAL_CANDIDATE, timestamp) }, [1, 2, 3, 4, 5]);
    bench.replica.receive(CLIENT, write(next));
    syncReply(1, timestamp, value(1, 1, [theirs]));
    expect(bench.lastReply().accepted).toBe(false);
    expect(bench.counters.get('rcw.refused.notAllowed')).toBe(2);
  });

  test('drops what is no value, which nobody could go on from', () => {
    bench.replica.receive(CLIENT, write(Uint8Array.of(0x91, 1)));
    expect(bench.sent).toHaveLength(0);
    expect(bench.counters.get('ignored.malformed')).toBe(1);
  });

  test('takes a version that it misses from one holder, if its digest is that of the timestamp', () => {
    const first = value(1, 1);
    const { timestamp } = write(first).body;
    const held = historyAfterMethod(INITIAL_CANDIDATE, timestamp);
    learn(cache, { ...emptyReply, history: held }, [1, 2, 3, 4, 5]);
    const table = [{ client: CLIENT, number: 1, result: Uint8Array.of(1) }];
    bench.replica.receive(CLIENT, write(value(2, 2, table)));
    expect(bench.sent.map(({ message }) => message.type)).toEqual(new Array(5).fill('syncRequest'));
    syncReply(1, timestamp, value(3, 1));
    expect(bench.counters.get('ignored.unprovenVersion')).toBe(1);
    expect(bench.counters.get('replica.handled')).toBeUndefined();
    syncReply(2, timestamp, first);
    expect(bench.lastReply()).toMatchObject({ accepted: true, number: 1 });
    expect(operationDigestOf(timestamp)).toEqual(valueDigest(client, objectName, first));
  });

  test('drops what is not authentic, and what is none of its business', () => {
    const request = write(value(1, 1));
    bench.replica.receive(CLIENT + 1, request);
    bench.replica.receive(CLIENT, {
      type: 'read',
      number: 1,
      object: OBJECT,
      forUpdate: true,
      coverage: everyone,
      tag: request.tag,
    });
    expect(bench.counters.get('ignored.authentication')).toBe(2);
    bench.replica.receive(1, request);
    bench.replica.receive(CLIENT, emptyReply);
    expect(bench.counters.get('ignored.unexpected')).toBe(2);
    expect(bench.sent).toHaveLength(0);
  });
});

const emptyReply = {
  type: 'reply',
  number: 1,
  accepted: true,
  result: NO_BYTES,
  history: INITIAL_CANDIDATE,
  authenticator: new Uint8Array(SIZE.replicas * client.tagBytes),
  tag: new Uint8Array(client.tagBytes),
} as const;
