import { expect, test } from 'vitest';
import { SECOND } from '../../../src/kernel/time.ts';
import { loadTopology } from '../../topologies/shipped-topologies.ts';
import type { RunSpec } from '../runtime.ts';
import { COUNTER_SPEC, withLoad } from '../testing/specs.ts';
import { BlamedClient } from './blamed-participant.ts';
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

test('an operation of one round trip takes two delays of the network, and the work of server and client', async () => {
  const { simulation } = COUNTER_SPEC;
  if (simulation === undefined) throw new Error('these nodes are simulated');
  const topology = { ...loadTopology('lan-1g'), jitter: undefined, delayUs: 1_000 };
  const load = { clients: 1, outstanding: 1, drivers: 1 };
  const [history] = await historiesOf({ ...withLoad(load), simulation: { ...simulation, topology } });
  expect(history?.length).toBeGreaterThan(10);
  for (const [row, invoked] of history?.invokedUs.entries() ?? []) {
    const latencyUs = (history?.completedUs[row] ?? 0) - invoked;
    expect(latencyUs).toBeGreaterThan(2 * 1_000);
    expect(latencyUs).toBeLessThan(2 * 1_000 + 500);
  }
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
