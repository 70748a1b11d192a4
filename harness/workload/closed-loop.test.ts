import { describe, expect, test } from 'vitest';
import { CountedAuthentication } from '../../src/crypto/counted-authentication.ts';
import { hmacSha256 } from '../../src/crypto/hmac-sha256.ts';
import type { Operation } from '../../src/kernel/operation.ts';
import { counterService } from '../../src/services/counter.ts';
import { ParticipantHost } from '../node/participant-host.ts';
import { randomStream } from '../node/random.ts';
import type { LoadSpec } from '../runtimes/runtime.ts';
import { ClosedLoop } from './closed-loop.ts';
import type { Session } from './sessions.ts';

const LOAD: LoadSpec = { clients: 4, outstanding: 2, drivers: 1, objects: 'private', queryShare: 0 };
const ANSWER = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 9);

/** A client that does nothing by itself, and notices if it is called from within its own call. */
class Puppet {
  readonly host: ParticipantHost;
  readonly invoked: Operation[] = [];
  #inCall = false;

  constructor(session: Session) {
    const unused = (): never => {
      throw new Error('a puppet has no effects');
    };
    const runtime = { now: () => 0, deliver: unused, setTimer: unused, cancelTimer: unused };
    const authentication = new CountedAuthentication(hmacSha256, new Uint8Array(1), session.id);
    this.host = new ParticipantHost(session.id, authentication, randomStream(0, session.id), runtime);
  }

  start(): void {}
  receive(): void {}
  expire(): void {}

  invoke(operation: Operation): void {
    if (this.#inCall) throw new Error('called from within a call');
    this.invoked.push(operation);
  }

  answer(): void {
    this.#inCall = true;
    this.host.complete(ANSWER);
    this.#inCall = false;
  }
}

function stage(load: LoadSpec, seed = 1, recordAtMost?: number) {
  const puppets: Puppet[] = [];
  const starts: { readonly timeUs: number; readonly act: () => void }[] = [];
  const clock = { nowUs: 1_000, wakes: 0 };
  const loop = new ClosedLoop({
    load,
    driver: 0,
    seed,
    service: counterService.create({}),
    recordAtMost,
    clock: {
      now: () => clock.nowUs,
      at: (timeUs, act) => starts.push({ timeUs, act }),
      wake: () => clock.wakes++,
    },
    createClient: (session) => {
      const puppet = new Puppet(session);
      puppets.push(puppet);
      return { host: puppet.host, client: puppet };
    },
  });
  const begin = () => {
    loop.start();
    for (const { act } of starts) act();
  };
  return { loop, puppets, starts, clock, begin };
}

describe('a closed loop', () => {
  test('starts its sessions at different times within ten milliseconds', () => {
    const { loop, starts } = stage(LOAD);
    loop.start();
    expect(starts).toHaveLength(8);
    expect(new Set(starts.map(({ timeUs }) => timeUs)).size).toBe(8);
    for (const { timeUs } of starts) {
      expect(timeUs).toBeGreaterThanOrEqual(1_000);
      expect(timeUs).toBeLessThan(11_000);
    }
    expect(() => loop.start()).toThrow('started before');
  });

  test('invokes the next operation only when it is pumped, after the call that ended the last', () => {
    const { loop, puppets, clock, begin } = stage(LOAD);
    begin();
    expect(puppets.map(({ invoked }) => invoked.length)).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
    puppets[0]?.answer();
    puppets[3]?.answer();
    expect(clock.wakes).toBe(1);
    expect(puppets[0]?.invoked).toHaveLength(1);
    loop.pump();
    expect(puppets.map(({ invoked }) => invoked.length)).toEqual([2, 1, 1, 2, 1, 1, 1, 1]);
    expect(loop.operationsUnderWay).toBe(8);
    expect(puppets[3]?.invoked[1]).toMatchObject({ object: 'object-3', method: 'increment' });
  });

  test('records invocation, end, client, object and value', () => {
    const { loop, puppets, clock, begin } = stage(LOAD);
    begin();
    clock.nowUs = 5_000;
    puppets[2]?.answer();
    const { length, client, objects, object, invokedUs, completedUs, value, query } = loop.history();
    expect(length).toBe(8);
    const row = object.indexOf(objects.indexOf('object-2'));
    expect([client[row], invokedUs[row], completedUs[row], value[row], query[row]]).toEqual([
      4_098, 1_000, 5_000, 9, 0,
    ]);
    expect([...completedUs].filter(Number.isNaN)).toHaveLength(7);
  });

  test('counts and times operations beyond the limit of its history', () => {
    const { loop, puppets, clock, begin } = stage(LOAD, 1, 10);
    begin();
    loop.beginSegment(8_000);
    for (clock.nowUs = 2_000; clock.nowUs <= 6_000; clock.nowUs += 1_000) {
      for (const puppet of puppets) puppet.answer();
      loop.pump();
    }
    const { length, completedUs, unrecorded } = loop.history();
    expect(length).toBe(10);
    expect([...completedUs]).toEqual([...Array<number>(8).fill(2_000), 3_000, 3_000]);
    expect(unrecorded).toMatchObject({ cutUs: 2_000, incomplete: 8 });
    expect(unrecorded?.clients).toHaveLength(8);
    expect(unrecorded?.segments).toMatchObject([{ untilUs: 8_000, operations: 30, latencyMaxUs: 1_000 }]);
  });

  test('is idle when the last operation has ended after the stop, and begins nothing', () => {
    const { loop, puppets, begin } = stage(LOAD);
    begin();
    puppets[0]?.answer();
    let idle = 0;
    loop.stop(() => idle++);
    loop.pump();
    expect(puppets[0]?.invoked).toHaveLength(1);
    for (const puppet of puppets.slice(1)) puppet.answer();
    expect(idle).toBe(1);
    expect(loop.operationsUnderWay).toBe(0);
  });

  test('is idle at once if it is stopped before a session began, and those do not begin later', () => {
    const { loop, puppets, starts } = stage(LOAD);
    loop.start();
    let idle = 0;
    loop.stop(() => idle++);
    for (const { act } of starts) act();
    expect(idle).toBe(1);
    expect(puppets.flatMap(({ invoked }) => invoked)).toEqual([]);
  });

  test('a client that ends what it was not asked is an error', () => {
    const { puppets } = stage(LOAD);
    expect(() => puppets[0]?.answer()).toThrow('not under way');
  });

  test.each([0, 0.3, 1])('sends queries by their share of %d, the same for the same seed', (queryShare) => {
    const methods = (seed: number) => {
      const { loop, puppets, begin } = stage({ ...LOAD, queryShare }, seed);
      begin();
      for (let round = 0; round < 200; round++) {
        for (const puppet of puppets) puppet.answer();
        loop.pump();
      }
      return puppets.flatMap(({ invoked }) => invoked.map(({ method }) => method));
    };
    const first = methods(3);
    const share = first.filter((method) => method === 'fetch').length / first.length;
    expect(share).toBeGreaterThanOrEqual(queryShare * 0.85);
    expect(share).toBeLessThanOrEqual(queryShare * 1.15);
    expect(methods(3)).toEqual(first);
  });
});
