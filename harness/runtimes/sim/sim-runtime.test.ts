import { expect, test, vi } from 'vitest';
import { SECOND } from '../../../src/kernel/time.ts';
import type { CostProfile } from '../../costs/cost-profile.ts';
import { sumOf } from '../../metrics/sum-of.ts';
import { loadTopology } from '../../topologies/shipped-topologies.ts';
import type { Topology } from '../../topologies/topology.ts';
import type { DriverHistory } from '../../workload/history.ts';
import type { RunSpec, SimulationSpec } from '../runtime.ts';
import { COUNTER_SPEC, withLoad } from '../testing/specs.ts';
import { BlamedClient } from './blamed-participant.ts';
import { Machine } from './machine.ts';
import { simRuntime } from './sim-runtime.ts';

async function historiesOf(spec: RunSpec) {
  const running = await simRuntime.launch(spec, new AbortController().signal);
  await running.startLoad();
  await running.advance(SECOND / 10);
  return running.stopLoad(SECOND);
}

test('the same seed gives the same run, another seed another', async () => {
  const spec = withLoad({ queryShare: 0.3 });
  const first = await historiesOf(spec);
  expect(await historiesOf(spec)).toEqual(first);
  expect(await historiesOf({ ...spec, seed: spec.seed + 1 })).not.toEqual(first);
});

/** The simulation of COUNTER_SPEC, on that topology. */
function simulationOn(topology: Topology): SimulationSpec {
  const { simulation } = COUNTER_SPEC;
  if (simulation === undefined) throw new Error('these nodes are simulated');
  return { ...simulation, topology };
}

/** Nodes at that distance, with no pauses but those. */
function oneClientAway(delayUs: number, collector?: CostProfile['collector']): RunSpec {
  const topology = { ...loadTopology('lan-1g'), jitter: undefined, delayUs };
  const simulation = simulationOn(topology);
  const costs = { ...simulation.costs, collector };
  return { ...withLoad({ clients: 1, outstanding: 1, drivers: 1 }), simulation: { ...simulation, costs } };
}

test('an operation of one round trip takes two delays of the network, and the work of server and client', async () => {
  const [history] = await historiesOf(oneClientAway(1_000));
  expect(history?.length).toBeGreaterThan(10);
  for (const [row, invoked] of history?.invokedUs.entries() ?? []) {
    const latencyUs = (history?.completedUs[row] ?? 0) - invoked;
    expect(latencyUs).toBeGreaterThan(2 * 1_000);
    expect(latencyUs).toBeLessThan(2 * 1_000 + 500);
  }
});

test('a node pauses for its collector after so much work, and what it was about waits', async () => {
  const pauses = { everyUs: 4_000, pauseUs: 1_000 };
  const spec = oneClientAway(100, { replica: { everyUs: 1e9, pauseUs: 0 }, client: pauses });
  const running = await simRuntime.launch(spec, new AbortController().signal);
  await running.startLoad();
  await running.advance(SECOND);
  const driver = (await running.sample()).find(({ node }) => node.role === 'driver');
  const { collections = 0, collectionUs } = driver?.activity ?? {};
  expect(collections).toBeGreaterThan(5);
  expect(collectionUs).toBe(collections * pauses.pauseUs);
  const betweenUs = (driver?.cpuUs ?? 0) / collections;
  expect(betweenUs).toBeGreaterThan(0.9 * pauses.everyUs);
  expect(betweenUs).toBeLessThan(1.3 * pauses.everyUs);
  const [history] = await running.stopLoad(SECOND);
  const waited = history?.completedUs.filter((endUs, row) => endUs - (history.invokedUs[row] ?? 0) > pauses.pauseUs);
  expect(waited?.length).toBeGreaterThan(0.8 * collections);
  await running.close();
});

test('on a shared host whoever sends to a node that sleeps is its waker, and a timer has none', async () => {
  const wakes = vi.spyOn(Machine.prototype, 'wake');
  await historiesOf({ ...COUNTER_SPEC, simulation: simulationOn(loadTopology('shared-host')) });
  const wakers = wakes.mock.calls.map(([node, , waker]) => ({ waker, isItself: waker === node }));
  wakes.mockRestore();
  expect(wakers.some(({ waker }) => waker === undefined)).toBe(true);
  expect(wakers.filter(({ waker }) => waker !== undefined).length).toBeGreaterThan(wakers.length / 2);
  expect(wakers.every(({ isItself }) => !isItself)).toBe(true);
});

/** CPU time of all nodes for each operation, and how often nodes were interrupted, on a host that the nodes share. */
async function workOn(interruptUs: number, load: Partial<RunSpec['load']>) {
  const simulation = simulationOn(loadTopology('shared-host'));
  const { costs } = simulation;
  const { unix } = costs.transports;
  if (unix === undefined) throw new Error('the profile knows Unix sockets');
  const transports = { ...costs.transports, unix: { ...unix, jitter: 0, interruptUs } };
  const spec = {
    ...withLoad(load),
    simulation: { ...simulation, costs: { ...costs, collector: undefined, transports } },
  };
  const running = await simRuntime.launch(spec, new AbortController().signal);
  await running.startLoad();
  await running.advance(SECOND / 10);
  const samples = await running.sample();
  const operations = sumOf(await running.stopLoad(SECOND), ({ length }) => length);
  await running.close();
  return {
    cpuUs: sumOf(samples, ({ cpuUs }) => cpuUs ?? 0) / operations,
    preemptions: sumOf(samples, ({ activity }) => activity?.preemptions ?? 0),
  };
}

test('client and server on cores of their own interrupt each other once in each operation, at the cost of who does', async () => {
  const alone = { clients: 1, outstanding: 1, drivers: 1 };
  const [free, dear] = [await workOn(0, alone), await workOn(10, alone)];
  expect(dear.cpuUs - free.cpuUs).toBeCloseTo(2 * 10, 0);
  expect(dear.preemptions).toBe(0);
});

test('where more nodes than cores have work some are interrupted', async () => {
  expect((await workOn(15, { clients: 16, drivers: 4 })).preemptions).toBeGreaterThan(10);
});

test('what is kept of a run with a limited history is the same however long its spans are', async () => {
  const kept = async (spanUs: number) => {
    const running = await simRuntime.launch({ ...COUNTER_SPEC, recordAtMost: 60 }, new AbortController().signal);
    await running.startLoad();
    for (let span = 0; span < 3; span++) await running.advance(spanUs);
    return running.stopLoad(SECOND);
  };
  const counts = (histories: readonly DriverHistory[]) =>
    histories.map(({ length, unrecorded }) => ({ length, segments: unrecorded?.segments.length }));
  const [short, long] = [await kept(SECOND / 50), await kept(SECOND / 5)];
  expect(counts(short)).toEqual([
    { length: 30, segments: 4 },
    { length: 30, segments: 4 },
  ]);
  expect(counts(long)).toEqual(counts(short));
  const ended = (history: DriverHistory | undefined) =>
    history?.unrecorded?.segments.reduce((sum, { operations }) => sum + operations, 0) ?? 0;
  expect(ended(long[0])).toBeGreaterThan(5 * ended(short[0]));
  expect(long.map(({ unrecorded }) => unrecorded?.incomplete)).toEqual([0, 0]);
});

test.each(['start', 'receive', 'expire', 'invoke'] as const)("an exception in '%s' names the node", (call) => {
  const broken = (): never => {
    throw new RangeError('no such thing');
  };
  const client = new BlamedClient(
    { start: broken, receive: broken, expire: broken, invoke: broken },
    'client driver 2',
  );
  const calls = {
    start: () => client.start(),
    receive: () => client.receive(0, new Uint8Array(0)),
    expire: () => client.expire(0),
    invoke: () => client.invoke({ object: 'a', method: 'b', argument: new Uint8Array(0) }),
  };
  expect(calls[call]).toThrow(/^client driver 2 failed: RangeError: no such thing \(at /);
});
