import { connect, type NetConnectOpts } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { protocols } from '../../baselines/registry.ts';
import { SECOND } from '../../src/kernel/time.ts';
import { checkerFor } from '../checkers/checkers.ts';
import { randomStream } from '../node/random.ts';
import { type NodeSample, type RunningDeployment, type RunSpec, RuntimeFailure } from './runtime.ts';
import { childNodes, isAlive, PrivateTemporaryDirectory, threadCount } from './testing/leftovers.ts';
import { COUNTER_SPEC, withLoad } from './testing/specs.ts';
import { FIRST_TEST_PORT, type Subject, subjectsUnderTest } from './testing/subjects.ts';

/** Long enough for some hundred operations on a busy machine. */
const SPAN_US = SECOND / 5;
const GRACE_US = 5 * SECOND;
const SEED = 5;
/** For the launch of as many processes as the largest protocol has nodes, on a busy machine, and the grace. */
const PROTOCOL_TIMEOUT_MS = 30_000;

let directory: PrivateTemporaryDirectory;
let interruption: AbortController;
let deployment: RunningDeployment | undefined;

beforeEach(() => {
  directory = new PrivateTemporaryDirectory();
  interruption = new AbortController();
});

afterEach(async () => {
  await deployment?.close();
  deployment = undefined;
  directory.remove();
});

describe.each(subjectsUnderTest)('runtime $name', (subject: Subject) => {
  async function launch(spec: RunSpec): Promise<RunningDeployment> {
    deployment = await subject.runtime.launch(spec, interruption.signal);
    return deployment;
  }

  async function underLoad(spec: RunSpec = COUNTER_SPEC): Promise<RunningDeployment> {
    const running = await launch(spec);
    await running.startLoad();
    await running.advance(SPAN_US);
    return running;
  }

  test('brings up every node, replicas first', async () => {
    const running = await launch(COUNTER_SPEC);
    expect((await running.sample()).map(({ node }) => node)).toEqual([
      { role: 'replica', replica: 0 },
      { role: 'driver', driver: 0 },
      { role: 'driver', driver: 1 },
    ]);
  });

  test.each(['private', 'shared'] as const)('counts every increment of %s objects once', async (objects) => {
    const running = await underLoad(withLoad({ objects }));
    const histories = await running.stopLoad(GRACE_US);
    expect(histories.map(({ driver }) => driver)).toEqual([0, 1]);
    const values = new Map<string, number[]>();
    for (const history of histories) {
      expect(history.completedUs.findIndex(Number.isNaN)).toBe(-1);
      for (const [row, number] of history.object.entries()) {
        const object = history.objects[number] ?? '';
        const ofObject = values.get(object) ?? [];
        values.set(object, ofObject);
        ofObject.push(history.value[row] ?? Number.NaN);
      }
    }
    expect(values.size).toBe(objects === 'private' ? 6 : 1);
    for (const ofObject of values.values()) {
      expect(ofObject.sort((a, b) => a - b)).toEqual(Array.from({ length: ofObject.length }, (_, index) => index + 1));
    }
    expect(checkerFor('counter').check(histories).outcome).toBe('ok');
  });

  // Every other case is about the runtime and has one server; here replicas talk to each other, too.
  describe.each(protocols)('with $name', (protocol) => {
    const faults = Math.max(1, protocol.leastFaults);

    test.each(['private', 'shared'] as const)(
      `f=${faults}, %s objects: every operation ends, and the history is linearizable`,
      async (objects) => {
        const running = await underLoad({ ...withLoad({ objects, queryShare: 0.2 }), protocol: protocol.name, faults });
        const roles = (await running.sample()).map(({ node }) => node.role);
        expect(roles.filter((role) => role === 'replica')).toHaveLength(protocol.replicas(faults));
        const histories = await running.stopLoad(GRACE_US);
        expect(histories.map(({ driver }) => driver)).toEqual([0, 1]);
        for (const { completedUs, length } of histories) {
          expect(length).toBeGreaterThan(0);
          expect(completedUs.findIndex(Number.isNaN)).toBe(-1);
        }
        const operations = histories.reduce((sum, { length }) => sum + length, 0);
        expect(checkerFor('counter').check(histories)).toEqual({ outcome: 'ok', operations });
      },
      PROTOCOL_TIMEOUT_MS,
    );
  });

  test('mixes queries among updates by their share', async () => {
    const running = await underLoad(withLoad({ queryShare: 0.5 }));
    const histories = await running.stopLoad(GRACE_US);
    const queries = histories.flatMap(({ query }) => [...query]);
    const share = queries.reduce((sum, query) => sum + query, 0) / queries.length;
    expect(share).toBeGreaterThan(0.25);
    expect(share).toBeLessThan(0.75);
    expect(checkerFor('counter').check(histories).outcome).toBe('ok');
  });

  test('takes samples whose totals never fall', async () => {
    const running = await underLoad();
    const earlier = await running.sample();
    await running.advance(SPAN_US);
    const later = await running.sample();
    for (const [index, sample] of later.entries()) {
      const before = numbersOf(earlier[index]);
      for (const [name, value] of numbersOf(sample)) {
        expect(value, `${name} of node ${index}`).toBeGreaterThanOrEqual(before.get(name) ?? 0);
      }
      expect(sample.atUs - (earlier[index]?.atUs ?? 0)).toBeGreaterThanOrEqual(SPAN_US * 0.9);
      expect(sample.cpuUs).toBeGreaterThanOrEqual(earlier[index]?.cpuUs ?? 0);
    }
    const [server] = later;
    expect(server?.counters['replica.handled']).toBeGreaterThan(earlier[0]?.counters['replica.handled'] ?? 0);
    expect(server?.traffic.messagesReceived).toBeGreaterThan(earlier[0]?.traffic.messagesReceived ?? 0);
    expect(server?.crypto.macsVerified).toBeGreaterThan(earlier[0]?.crypto.macsVerified ?? 0);
  });

  test('ends every operation when the load stops, and begins no more', async () => {
    const running = await underLoad();
    const histories = await running.stopLoad(GRACE_US);
    const operations = histories.reduce((sum, { length }) => sum + length, 0);
    const [server] = await running.sample();
    expect(server?.counters['replica.handled']).toBe(operations);
    await running.advance(SPAN_US);
    const [afterwards] = await running.sample();
    expect(afterwards?.traffic).toEqual(server?.traffic);
  });

  test('hands over a history with open operations when the grace is over', async () => {
    const running = await launch(COUNTER_SPEC);
    await running.startLoad();
    const histories = await running.stopLoad(0);
    expect(histories).toHaveLength(2);
    for (const history of histories) {
      const open = [...history.completedUs].filter(Number.isNaN);
      const withoutValue = [...history.value].filter(Number.isNaN);
      expect(withoutValue).toHaveLength(open.length);
    }
  });

  test('leaves nothing behind, however often it is closed', async () => {
    const threads = threadCount();
    const running = await underLoad();
    const pids = [...childNodes().values()];
    await Promise.all([running.close(), running.close()]);
    await running.close();
    expect(pids.filter(isAlive)).toEqual([]);
    expect(childNodes().size).toBe(0);
    expect(threadCount()).toBeLessThanOrEqual(threads + LIBUV_THREADS);
    expect(directory.entries()).toEqual([]);
    await expect(running.advance(1)).rejects.toThrow(RuntimeFailure);
    await expect(running.sample()).rejects.toThrow(RuntimeFailure);
  });

  test('is not launched once it is interrupted', async () => {
    interruption.abort();
    await expect(launch(COUNTER_SPEC)).rejects.toThrow(new RuntimeFailure('the run was interrupted'));
    expect(directory.entries()).toEqual([]);
  });

  test.each(['at its beginning', 'when nodes are there'])('can be interrupted during the launch, %s', async (when) => {
    const threads = threadCount();
    const launched = launch(COUNTER_SPEC);
    if (when === 'when nodes are there' && subject.name !== 'sim') {
      await vi.waitFor(() => expect(childNodes().size + threadCount()).toBeGreaterThan(threads), { interval: 1 });
    }
    interruption.abort();
    // A simulation is up before anything can interrupt it.
    const ended = subject.name === 'sim' ? (await launched).advance(1) : launched;
    await expect(ended).rejects.toThrow(new RuntimeFailure('the run was interrupted'));
    expect(childNodes().size).toBe(0);
    expect(threadCount()).toBeLessThanOrEqual(threads + LIBUV_THREADS);
    expect(directory.entries()).toEqual([]);
  });

  test('can be interrupted under load, and is closed by that', async () => {
    const running = await underLoad();
    const pids = [...childNodes().values()];
    const waiting = running.advance(3_600 * SECOND);
    interruption.abort();
    await expect(waiting).rejects.toThrow(new RuntimeFailure('the run was interrupted'));
    await running.close();
    expect(pids.filter(isAlive)).toEqual([]);
    expect(directory.entries()).toEqual([]);
  });

  test.each([
    ['protocol', { protocol: 'paxos' }, "unknown protocol 'paxos'"],
    ['number of faults', { protocol: 'unreplicated', faults: -1 }, 'needs f of at least 0, not -1'],
    ['service', { service: 'queue' }, "unknown service 'queue'"],
    ['service option', { serviceOptions: { size: 1 } }, 'size'],
    ['protocol option', { protocolOptions: { retransmit: 1 } }, 'retransmit'],
    ['MAC suite', { mac: 'rot13' }, "unknown MAC suite 'rot13'"],
  ])('refuses an unknown %s in one line', async (_, wrong, text) => {
    const failure = await launch({ ...COUNTER_SPEC, ...wrong }).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(RuntimeFailure);
    expect(String(failure)).toContain(text);
    expect(String(failure)).not.toContain('\n');
    expect(directory.entries()).toEqual([]);
  });

  if (subject.killable === true) {
    test.each(['replica 0', 'client driver 1'])('says that %s was killed, at once', async (name) => {
      const running = await underLoad();
      const waiting = running.advance(3_600 * SECOND);
      const pid = childNodes().get(name);
      expect(pid).toBeDefined();
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
      await expect(waiting).rejects.toThrow(new RegExp(`^${name} failed: its process \\(${pid}\\).*SIGKILL`));
      await expect(running.stopLoad(GRACE_US)).rejects.toThrow(RuntimeFailure);
      await running.close();
      expect(childNodes().size).toBe(0);
      expect(directory.entries()).toEqual([]);
    });

    test('leaves Ctrl-C, which reaches all processes of a terminal, to the parent', async () => {
      const running = await underLoad();
      const pids = [...childNodes().values()];
      for (const pid of pids) process.kill(pid, 'SIGINT');
      await running.advance(SPAN_US);
      expect(pids.filter(isAlive)).toEqual(pids);
      expect(checkerFor('counter').check(await running.stopLoad(GRACE_US)).outcome).toBe('ok');
    });
  } else {
    test(`has no node to kill: ${subject.killable}`, () => {
      expect(childNodes().size).toBe(0);
    });
  }

  const { door } = subject;
  if (typeof door === 'string') {
    test(`stays up when strangers send garbage (seed ${SEED})`, async () => {
      const running = await underLoad();
      const [path] = directory.sockets();
      const address: NetConnectOpts =
        door === 'port' ? { host: '127.0.0.1', port: FIRST_TEST_PORT } : { path: String(path) };
      const greetings = garbage();
      await Promise.all(greetings.map((bytes) => sendUntilClosed(address, bytes)));
      await vi.waitFor(async () => {
        const [server] = await running.sample();
        const closed =
          (server?.counters['link.closed.unidentified'] ?? 0) + (server?.counters['link.closed.malformed'] ?? 0);
        expect(closed).toBe(greetings.length);
      });
      await running.advance(SPAN_US);
      expect(checkerFor('counter').check(await running.stopLoad(GRACE_US)).outcome).toBe('ok');
    });
  } else {
    test(`is closed to strangers: ${door.none}`, () => {
      expect(directory.sockets()).toEqual([]);
    });
  }
});

/** The pool of the event loop's library starts at first use and stays. */
const LIBUV_THREADS = 4;

function numbersOf(sample: NodeSample | undefined): ReadonlyMap<string, number> {
  return new Map(
    Object.entries({
      atUs: sample?.atUs ?? 0,
      cpuUs: sample?.cpuUs ?? 0,
      ...sample?.traffic,
      ...sample?.crypto,
      ...sample?.counters,
    }),
  );
}

/** What a stranger may begin with: no frames, frames too large, hellos that are wrong. Each makes the replica close. */
function garbage(): readonly Buffer[] {
  const random = randomStream(SEED, 0);
  const frame = (length: number, from: number, payload: Buffer): Buffer => {
    const header = Buffer.alloc(12);
    header.writeUInt32BE(length, 0);
    header.writeUInt32BE(from, 4);
    return Buffer.concat([header, payload]);
  };
  const noise = Array.from({ length: 8 }, () => Buffer.from(Array.from({ length: 4_096 }, () => random() * 256)));
  return [
    ...noise.map((bytes) => frame(bytes.length, 1, bytes)),
    frame(0xffff_ffff, 1, Buffer.alloc(64)),
    frame(0, 1, Buffer.alloc(0)),
    frame(32, 1, Buffer.alloc(32)),
    frame(32, 0, Buffer.alloc(32)),
    frame(32, 0xffff_ffff, Buffer.alloc(32)),
  ];
}

/** Resolves when the other side has closed the connection. */
function sendUntilClosed(address: NetConnectOpts, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(address, () => socket.write(bytes));
    socket.on('error', () => {});
    socket.once('close', () => resolve());
    socket.resume();
  });
}
