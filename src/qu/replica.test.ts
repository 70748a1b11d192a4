import { beforeEach, describe, expect, test } from 'vitest';
import { CountedAuthentication } from '../crypto/counted-authentication.ts';
import { hmacSha256 } from '../crypto/hmac-sha256.ts';
import { FIRST_CLIENT } from '../kernel/identifiers.ts';
import { counterService, counterValue } from '../services/counter.ts';
import { sampleOperation } from '../services/testing/sample-operation.ts';
import { encodeRequest } from '../wire/request.ts';
import { conditionedRequestBytes, historyQueryBytes, replyBytes, syncBytes } from './authenticated-bytes.ts';
import { CachedHistorySet } from './cached-history-set.ts';
import { encodeHistorySet, historyDigest, historySetDigest } from './history-set.ts';
import type { ConditionedQuery, QuMessage, Reply, UpdateBody, UpdateRequest } from './message.ts';
import { qu } from './protocol.ts';
import { candidateAt, candidateCount, historyAfterMethod, INITIAL_CANDIDATE, timestampOf } from './replica-history.ts';
import { replicaSet } from './replica-set.ts';
import { setUp } from './setup.ts';
import { historyOf, versionCandidate } from './testing/histories.ts';
import { learn, ReplicaBench, SIZE, secret, THRESHOLDS } from './testing/replica-bench.ts';
import { CandidateKind, makeTimestamp, type Timestamp } from './timestamp.ts';

const CLIENT = FIRST_CLIENT;
const service = counterService.create({});
const { replicas: REPLICAS } = SIZE;
const everyone = replicaSet([0, 1, 2, 3, 4, 5], REPLICAS);

const client = new CountedAuthentication(hmacSha256, secret, CLIENT);

function increment(number: number): Uint8Array {
  return encodeRequest(CLIENT, number, sampleOperation(service, 'update', 'a'));
}

/** A correct client's update on what it knows in `cache`; fields can be spoilt. */
function update(
  cache: CachedHistorySet,
  request: Uint8Array,
  spoil: { body?: Partial<UpdateBody>; entries?: Uint8Array; by?: CountedAuthentication; timestamp?: Timestamp } = {},
): UpdateRequest {
  const { set, digests, classification } = cache.snapshot(THRESHOLDS);
  const derived = setUp(classification, CLIENT, client.digest(request), (conditionedOn) =>
    historySetDigest(client, set, digests, conditionedOn),
  );
  const timestamp = spoil.timestamp ?? new Uint8Array(derived.timestamp);
  const body = { number: 1, request, timestamp, historySet: set, coverage: everyone, ...spoil.body };
  const tag = new Uint8Array(client.tagBytes);
  const bytes = conditionedRequestBytes('update', body.number, body.timestamp, body.coverage);
  (spoil.by ?? client).generate(0, bytes, tag, 0);
  return { type: 'update', body, entries: spoil.entries ?? cache.entriesFor(0), tag };
}

/** A query on what the client knows in `cache`: made like an update, with a tag of its own kind. */
function conditionedQuery(
  cache: CachedHistorySet,
  number: number,
  kind: 'query' | 'update' = 'query',
): ConditionedQuery {
  const { body, entries } = update(cache, encodeRequest(CLIENT, number, sampleOperation(service, kind, 'a')));
  const tag = new Uint8Array(client.tagBytes);
  client.generate(0, conditionedRequestBytes('conditionedQuery', body.number, body.timestamp, body.coverage), tag, 0);
  return { type: 'conditionedQuery', body, entries, tag };
}

let bench: ReplicaBench<QuMessage>;
let cache: CachedHistorySet;

beforeEach(() => {
  bench = new ReplicaBench(qu, service);
  cache = new CachedHistorySet('a', SIZE, client);
});

describe('a Q/U replica', () => {
  test('accepts a method, answers its result, and prunes to the conditioned-on candidate and the new one', () => {
    const first = update(cache, increment(1));
    bench.replica.receive(CLIENT, first);
    expect(bench.lastReply()).toMatchObject({ accepted: true, number: 1 });
    expect(counterValue(bench.lastReply().result)).toBe(1);
    learn(cache, bench.lastReply());
    const second = update(cache, increment(2));
    bench.replica.receive(CLIENT, second);
    expect(counterValue(bench.lastReply().result)).toBe(2);
    const conditionedOn = historyAfterMethod(INITIAL_CANDIDATE, first.body.timestamp).subarray(
      -INITIAL_CANDIDATE.length,
    );
    expect(Array.from(bench.lastReply().history)).toEqual(
      Array.from(historyAfterMethod(conditionedOn, second.body.timestamp)),
    );
  });

  test('answers what the client can check: the tag, and an authenticator that every other replica can', () => {
    bench.replica.receive(CLIENT, update(cache, increment(1)));
    const reply = bench.lastReply();
    const digest = historyDigest(client, new TextEncoder().encode('a'), reply.history);
    expect(client.verify(0, replyBytes(1, true, digest, reply.result), reply.tag, 0)).toBe(true);
    for (let peer = 1; peer < REPLICAS; peer++) {
      const other = new CountedAuthentication(hmacSha256, secret, peer);
      expect(other.verify(0, digest, reply.authenticator, peer * other.tagBytes)).toBe(true);
    }
  });

  test('makes authenticator entries only for those that the client covers', () => {
    const coverage = replicaSet([0, 1, 2], REPLICAS);
    bench.replica.receive(CLIENT, update(cache, increment(1), { body: { coverage } }));
    const { authenticator } = bench.lastReply();
    const isMade = (peer: number) => authenticator.subarray(peer * 32, peer * 32 + 32).some((byte) => byte !== 0);
    expect([0, 1, 2, 3, 4, 5].map(isMade)).toEqual([false, true, true, false, false, false]);
  });

  test('answers a repeated request with the stored result and executes it once', () => {
    const request = update(cache, increment(1));
    bench.replica.receive(CLIENT, request);
    bench.replica.receive(CLIENT, request);
    expect(bench.sent).toHaveLength(2);
    expect(counterValue(bench.lastReply().result)).toBe(1);
    expect(bench.counters.get('qu.repeated')).toBe(1);
    expect(bench.counters.get('replica.handled')).toBe(1);
  });

  test('refuses what is conditioned on a version that it is past', () => {
    bench.replica.receive(CLIENT, update(cache, increment(1)));
    bench.replica.receive(CLIENT, update(cache, increment(2)));
    expect(bench.lastReply().accepted).toBe(false);
    expect(bench.counters.get('replica.handled')).toBe(1);
  });

  test('drops a request that is not authentic', () => {
    const stranger = new CountedAuthentication(hmacSha256, secret, CLIENT + 1);
    bench.replica.receive(CLIENT, update(cache, increment(1), { by: stranger }));
    expect(bench.sent).toHaveLength(0);
    expect(bench.counters.get('ignored.authentication')).toBe(1);
  });

  test("drops one client's operation that comes from another", () => {
    const request = encodeRequest(CLIENT + 1, 1, sampleOperation(service, 'update', 'a'));
    bench.replica.receive(CLIENT, update(cache, request));
    expect(bench.sent).toHaveLength(0);
    expect(bench.counters.get('ignored.malformed')).toBe(1);
  });

  test('leaves out histories whose entries are forged, and so refuses what rests on them', () => {
    bench.replica.receive(CLIENT, update(cache, increment(1)));
    learn(cache, bench.lastReply());
    const forged = new Uint8Array(cache.entriesFor(0));
    for (const replica of [1, 2]) forged[replica * 32] = (forged[replica * 32] ?? 0) ^ 1;
    bench.replica.receive(CLIENT, update(cache, increment(2), { entries: forged }));
    expect(bench.lastReply().accepted).toBe(false);
    expect(bench.counters.get('qu.refused.misclassified')).toBe(1);
  });

  test('does not take the word of a client for what its own history was', () => {
    const invented = historyOf(INITIAL_CANDIDATE, versionCandidate(5));
    const digested = cache.digested(invented, undefined);
    cache.update(0, digested, new Uint8Array(REPLICAS * 32));
    learn(cache, { ...emptyReply, history: invented }, [1, 2, 3, 4]);
    // Four authentic ones are one short of a quorum; with the own, that the client invented, the candidate would look complete.
    bench.replica.receive(CLIENT, update(cache, increment(1)));
    expect(bench.lastReply().accepted).toBe(false);
  });

  test('refuses a timestamp that it does not derive itself', () => {
    const timestamp = makeTimestamp({
      time: 1,
      kind: CandidateKind.version,
      client: CLIENT,
      operationDigest: client.digest(increment(9)),
      historySetDigest: new Uint8Array(32),
    });
    bench.replica.receive(CLIENT, update(cache, increment(1), { timestamp }));
    expect(bench.lastReply().accepted).toBe(false);
    expect(bench.counters.get('qu.refused.misclassified')).toBe(1);
  });

  test('never has two operations under one timestamp: the same timestamp with another operation gets the first result', () => {
    const first = update(cache, increment(1));
    bench.replica.receive(CLIENT, first);
    const other = { ...first, body: { ...first.body, request: increment(7) } };
    bench.replica.receive(CLIENT, other);
    expect(counterValue(bench.lastReply().result)).toBe(1);
    expect(bench.counters.get('replica.handled')).toBe(1);
  });

  test('fetches a version that it misses from the holders, and takes it when b+1 agree', () => {
    const held = historyAfterMethod(INITIAL_CANDIDATE, timestampOf(versionCandidate(1)));
    learn(cache, { ...emptyReply, history: held }, [1, 2, 3, 4, 5]);
    bench.replica.receive(CLIENT, update(cache, increment(1)));
    const asked = bench.sent.filter(({ message }) => message.type === 'syncRequest').map(({ to }) => to);
    expect(asked).toEqual([1, 2, 3, 4, 5]);
    expect(bench.counters.get('qu.sync.started')).toBe(1);
    expect(bench.counters.get('replica.handled')).toBeUndefined();
  });

  test('refuses, and leaves nobody waiting, once b+1 holders have let the version go', () => {
    const candidate = versionCandidate(1);
    const held = historyAfterMethod(INITIAL_CANDIDATE, timestampOf(candidate));
    learn(cache, { ...emptyReply, history: held }, [1, 2, 3, 4, 5]);
    bench.replica.receive(CLIENT, update(cache, increment(1)));
    const timestamp = timestampOf(candidate);
    const nothing = new Uint8Array(0);
    const answer = (from: number) => {
      const peer = new CountedAuthentication(hmacSha256, secret, from);
      const tag = new Uint8Array(peer.tagBytes);
      peer.generate(0, syncBytes('syncReply', new TextEncoder().encode('a'), timestamp, nothing), tag, 0);
      bench.replica.receive(from, { type: 'syncReply', object: 'a', timestamp, version: nothing, tag });
    };
    answer(1);
    answer(1);
    expect(bench.sent.every(({ message }) => message.type === 'syncRequest')).toBe(true);
    answer(2);
    expect(bench.lastReply()).toMatchObject({ accepted: false, number: 1 });
    expect(bench.counters.get('qu.refused.versionGone')).toBe(1);
    expect(bench.counters.get('qu.sync.abandoned')).toBe(1);
    answer(3);
    expect(bench.counters.get('ignored.notAsked')).toBe(1);
  });

  test('refuses those who wait when the holders stay silent', () => {
    const held = historyAfterMethod(INITIAL_CANDIDATE, timestampOf(versionCandidate(1)));
    learn(cache, { ...emptyReply, history: held }, [1, 2, 3, 4, 5]);
    bench.replica.receive(CLIENT, update(cache, increment(1)));
    expect(bench.timers.size).toBe(1);
    for (const timer of bench.timers) for (let round = 0; round < 4; round++) bench.replica.expire(timer);
    expect(bench.lastReply()).toMatchObject({ accepted: false });
  });

  test('makes no object for a peer that asks for a version of one that it does not know', () => {
    const peer = new CountedAuthentication(hmacSha256, secret, 1);
    const timestamp = timestampOf(INITIAL_CANDIDATE);
    const tag = new Uint8Array(peer.tagBytes);
    const ask = (object: string) => {
      peer.generate(
        0,
        syncBytes('syncRequest', new TextEncoder().encode(object), timestamp, new Uint8Array(0)),
        tag,
        0,
      );
      bench.replica.receive(1, { type: 'syncRequest', object, timestamp, tag });
    };
    const versionBytes = () => {
      const message = bench.sent.at(-1)?.message;
      return message?.type === 'syncReply' ? message.version.length : undefined;
    };
    ask('a');
    // Were there an object now, it would have its initial version.
    ask('a');
    expect(bench.sent).toHaveLength(2);
    expect(versionBytes()).toBe(0);
    bench.replica.receive(CLIENT, update(cache, increment(1)));
    ask('a');
    expect(bench.sent.at(-1)?.message).toMatchObject({ type: 'syncReply', object: 'a' });
    expect(versionBytes()).toBeGreaterThan(0);
    tag.fill(0);
    bench.replica.receive(1, { type: 'syncRequest', object: 'b', timestamp, tag });
    expect(bench.counters.get('ignored.authentication')).toBe(1);
  });

  test('drops messages that are none of its business', () => {
    bench.replica.receive(1, update(cache, increment(1)));
    bench.replica.receive(CLIENT, { ...emptyReply });
    bench.replica.receive(0, {
      type: 'syncRequest',
      object: 'a',
      timestamp: timestampOf(INITIAL_CANDIDATE),
      tag: new Uint8Array(32),
    });
    expect(bench.counters.get('ignored.unexpected')).toBe(3);
    expect(bench.sent).toHaveLength(0);
  });
});

describe('a Q/U replica without optimistic queries', () => {
  test('executes a query on the version that the history set shows, and stores nothing', () => {
    bench.replica.receive(CLIENT, update(cache, increment(1)));
    learn(cache, bench.lastReply());
    const { history } = bench.lastReply();
    bench.replica.receive(CLIENT, conditionedQuery(cache, 2));
    expect(bench.lastReply()).toMatchObject({ accepted: true, history });
    expect(counterValue(bench.lastReply().result)).toBe(1);
    expect(bench.counters.get('qu.operation.query')).toBe(1);
    expect(bench.counters.get('qu.operation.method')).toBe(1);
  });

  test('refuses a query on a version that it is past', () => {
    const query = conditionedQuery(cache, 2);
    bench.replica.receive(CLIENT, update(cache, increment(1)));
    bench.replica.receive(CLIENT, query);
    expect(bench.lastReply().accepted).toBe(false);
    expect(bench.counters.get('qu.refused.stale')).toBe(1);
  });

  test('fetches the version of a query that it misses', () => {
    const held = historyAfterMethod(INITIAL_CANDIDATE, timestampOf(versionCandidate(1)));
    learn(cache, { ...emptyReply, history: held }, [1, 2, 3, 4, 5]);
    bench.replica.receive(CLIENT, conditionedQuery(cache, 1));
    expect(bench.counters.get('qu.sync.started')).toBe(1);
  });

  test('takes no update for a query', () => {
    bench.replica.receive(CLIENT, conditionedQuery(cache, 1, 'update'));
    expect(bench.counters.get('ignored.malformed')).toBe(1);
  });
});

describe('a Q/U replica that is asked for its history', () => {
  const ask = (by: CountedAuthentication) => {
    const tag = new Uint8Array(by.tagBytes);
    by.generate(0, historyQueryBytes(1, new TextEncoder().encode('a'), everyone), tag, 0);
    bench.replica.receive(CLIENT, { type: 'historyQuery', number: 1, object: 'a', coverage: everyone, tag });
  };

  test('shows it, with an authenticator for those who are covered', () => {
    bench.replica.receive(CLIENT, update(cache, increment(1)));
    const { history, authenticator } = bench.lastReply();
    ask(client);
    expect(bench.lastReply()).toMatchObject({ accepted: true, history, authenticator });
  });

  test('only to those who have a key', () => {
    ask(new CountedAuthentication(hmacSha256, new Uint8Array(32).fill(1), CLIENT));
    expect(bench.sent).toHaveLength(0);
    expect(bench.counters.get('ignored.authentication')).toBe(1);
  });
});

test('without pruning a history grows to its bound and no further, and keeps the versions of its candidates', () => {
  const mostUnpruned = 5;
  bench = new ReplicaBench(qu, service, { pruning: false, mostUnpruned });
  const counts: number[] = [];
  for (let number = 1; number <= 8; number++) {
    bench.replica.receive(CLIENT, update(cache, increment(number)));
    learn(cache, bench.lastReply());
    counts.push(candidateCount(bench.lastReply().history));
  }
  expect(counterValue(bench.lastReply().result)).toBe(8);
  expect(counts).toEqual([2, 3, 4, 5, 5, 5, 5, 5]);
  const { history } = bench.lastReply();
  const peer = new CountedAuthentication(hmacSha256, secret, 1);
  const sizes = counts.slice(0, mostUnpruned).map((_, index) => {
    const timestamp = timestampOf(candidateAt(history, index));
    const tag = new Uint8Array(peer.tagBytes);
    peer.generate(0, syncBytes('syncRequest', new TextEncoder().encode('a'), timestamp, new Uint8Array(0)), tag, 0);
    bench.replica.receive(1, { type: 'syncRequest', object: 'a', timestamp, tag });
    const message = bench.sent.at(-1)?.message;
    return message?.type === 'syncReply' ? message.version.length : 0;
  });
  for (const size of sizes) expect(size).toBeGreaterThan(0);
});

const emptyReply: Reply = {
  type: 'reply',
  number: 1,
  accepted: true,
  result: new Uint8Array(0),
  history: INITIAL_CANDIDATE,
  authenticator: new Uint8Array(REPLICAS * 32),
  tag: new Uint8Array(32),
};

test('a set is sent as it was encoded', () => {
  const { set } = cache.snapshot(THRESHOLDS);
  expect(Array.from(encodeHistorySet(set))).toEqual(Array.from(set.bytes));
});
