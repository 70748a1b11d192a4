import { expect, test } from 'vitest';
import { SECOND } from '../../../src/kernel/time.ts';
import type { RunSpec } from '../runtime.ts';
import { COUNTER_SPEC, withLoad } from '../testing/specs.ts';
import { BlamedClient } from './blamed-participant.ts';
import { LOCAL_NETWORK, simRuntime } from './sim-runtime.ts';

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

test('an operation of one round trip takes two delays of the network', async () => {
  for (const { length, invokedUs, completedUs } of await historiesOf(COUNTER_SPEC)) {
    expect(length).toBeGreaterThan(100);
    for (const [row, invoked] of invokedUs.entries()) {
      const latencyUs = (completedUs[row] ?? 0) - invoked;
      expect(latencyUs).toBeGreaterThanOrEqual(2 * LOCAL_NETWORK.leastDelayUs);
      expect(latencyUs).toBeLessThanOrEqual(2 * LOCAL_NETWORK.mostDelayUs);
    }
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
