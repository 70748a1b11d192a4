import { expect, test } from 'vitest';
import { type RunSpec, RuntimeFailure } from '../runtimes/runtime.ts';
import { observe } from './observation.ts';
import { type FakeBehaviour, FakeRuntime } from './testing/fake-runtime.ts';

const spec: RunSpec = {
  protocol: 'unreplicated',
  protocolOptions: {},
  faults: 0,
  service: 'counter',
  serviceOptions: {},
  mac: 'hmac-sha256',
  seed: 1,
  load: { clients: 1, outstanding: 1, drivers: 1, objects: 'private', queryShare: 0 },
};
const phases = { warmupUs: 10_000, windowUs: 5_000, cooldownUs: 500, graceUs: 1_000 };
const signal = new AbortController().signal;

function callsOf(behaviour: FakeBehaviour, changed: Partial<typeof phases> = {}) {
  const runtime = new FakeRuntime(behaviour);
  const observed = observe(runtime, spec, { ...phases, ...changed }, signal);
  return { runtime, observed };
}

test('the phases follow one another, and the warm-up ends when three slices were alike', async () => {
  const { runtime, observed } = callsOf({});
  const { first, second, histories } = await observed;
  const warmup = Array.from({ length: 5 }, () => ['advance 1000', 'sample']).flat();
  const rest = ['sample', 'advance 5000', 'sample', 'advance 500', 'stopLoad 1000', 'close'];
  expect(runtime.calls).toEqual(['launch', 'startLoad', ...warmup, ...rest]);
  expect([first[0]?.atUs, second[0]?.atUs, histories[0]?.length]).toEqual([5_000, 10_000, 105]);
});

test('a load that never gets steady is warmed up for the whole time', async () => {
  const { runtime, observed } = callsOf({ handledBy: (nowUs) => Math.floor((nowUs / 1_000) ** 2) });
  await observed;
  expect(runtime.calls.filter((call) => call === 'advance 1000')).toHaveLength(10);
});

test('phases of no length are left out', async () => {
  const { runtime, observed } = callsOf({}, { warmupUs: 0, cooldownUs: 0 });
  await observed;
  expect(runtime.calls).toEqual(['launch', 'startLoad', 'sample', 'advance 5000', 'sample', 'stopLoad 1000', 'close']);
});

test.each(['startLoad', 'advance', 'sample', 'stopLoad'] as const)(
  'the deployment is closed when %s fails',
  async (failAt) => {
    const { runtime, observed } = callsOf({ failAt });
    await expect(observed).rejects.toThrow(RuntimeFailure);
    expect(runtime.calls.at(-1)).toBe('close');
  },
);
