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

/** A window of 5 ms, sampled at its beginning and after each fifth. */
const window = ['sample', ...Array.from({ length: 5 }, () => ['advance 1000', 'sample']).flat()];

test('the phases follow one another, and the warm-up ends when six slices were alike', async () => {
  const { runtime, observed } = callsOf({});
  const { first, second, discardedWindows, histories } = await observed;
  const warmup = Array.from({ length: 6 }, () => ['advance 1000', 'sample']).flat();
  const rest = ['advance 500', 'stopLoad 1000', 'close'];
  expect(runtime.calls).toEqual(['launch', 'startLoad', ...warmup, ...window, ...rest]);
  expect([first[0]?.atUs, second[0]?.atUs, histories[0]?.length]).toEqual([6_000, 11_000, 115]);
  expect(discardedWindows).toBe(0);
});

test('a load that never gets steady is warmed up for the whole time', async () => {
  const { runtime, observed } = callsOf({ handledBy: (nowUs) => Math.floor((nowUs / 1_000) ** 2) });
  await observed;
  expect(runtime.calls.filter((call) => call === 'advance 1000')).toHaveLength(10 + 5);
});

test('a slow rise is not taken for a steady load, though three slices in a row are alike', async () => {
  // 2 % more in each slice: three differ by 4 %, but are 6 % above the three before.
  const handledUntil = (slices: number) => 1_000 * ((1.02 ** slices - 1) / 0.02);
  const { runtime, observed } = callsOf({ handledBy: (nowUs) => Math.floor(handledUntil(nowUs / 1_000)) });
  await observed;
  expect(runtime.calls.filter((call) => call === 'advance 1000')).toHaveLength(10 + 5);
});

/** One request every 10 µs, but none between two times. */
function handledWithGap(fromUs: number, toUs: number): (nowUs: number) => number {
  return (nowUs) => Math.floor((nowUs - Math.max(0, Math.min(nowUs, toUs) - fromUs)) / 10);
}

test('a window that was disturbed is taken again', async () => {
  const { runtime, observed } = callsOf({ handledBy: handledWithGap(7_000, 8_000) });
  const { first, second, discardedWindows } = await observed;
  expect([first[0]?.atUs, second[0]?.atUs, discardedWindows]).toEqual([11_000, 16_000, 1]);
  expect(runtime.calls.filter((call) => call === 'advance 1000')).toHaveLength(6 + 10);
});

test('a second window stands, whatever it is like', async () => {
  const { observed } = callsOf({
    handledBy: (nowUs) => handledWithGap(7_000, 8_000)(nowUs) - handledWithGap(12_000, 13_000)(nowUs) + nowUs / 10,
  });
  expect(await observed).toMatchObject({ discardedWindows: 1 });
});

test('phases of no length are left out', async () => {
  const { runtime, observed } = callsOf({}, { warmupUs: 0, cooldownUs: 0 });
  await observed;
  expect(runtime.calls).toEqual(['launch', 'startLoad', ...window, 'stopLoad 1000', 'close']);
});

test.each(['startLoad', 'advance', 'sample', 'stopLoad'] as const)(
  'the deployment is closed when %s fails',
  async (failAt) => {
    const { runtime, observed } = callsOf({ failAt });
    await expect(observed).rejects.toThrow(RuntimeFailure);
    expect(runtime.calls.at(-1)).toBe('close');
  },
);
