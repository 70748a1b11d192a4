import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SECOND } from '../../src/kernel/time.ts';
import { checkerFor } from '../checkers/checkers.ts';
import { type RunningDeployment, type RunSpec, RuntimeFailure } from './runtime.ts';
import { PrivateTemporaryDirectory } from './testing/leftovers.ts';
import { COUNTER_SPEC } from './testing/specs.ts';
import { subjectsUnderTest } from './testing/subjects.ts';

/**
 * A log short enough that a replica that waits for a checkpoint beyond it does not wait long, and long enough that what it hears after a
 * state transfer reaches the next one: some time-outs for statuses.
 */
const SPEC: RunSpec = {
  ...COUNTER_SPEC,
  protocol: 'pbft',
  protocolOptions: {
    checkpointInterval: 16,
    logIntervals: 16,
    viewChangeUs: 500_000,
    retransmitUs: 200_000,
    statusUs: 20_000,
  },
  seed: 3,
};
const SPAN_US = SECOND / 5;
const MOST_SPANS = 100;
const TIMEOUT_MS = 60_000;

let directory: PrivateTemporaryDirectory;
let deployment: RunningDeployment | undefined;

beforeEach(() => {
  directory = new PrivateTemporaryDirectory();
});

afterEach(async () => {
  await deployment?.close();
  deployment = undefined;
  expect(directory.entries()).toEqual([]);
  directory.remove();
});

async function counterOf(running: RunningDeployment, replica: number, name: string): Promise<number> {
  return (await running.sample())[replica]?.counters[name] ?? 0;
}

/** Lets time pass until the replica has counted this, and then some more requests. */
async function until(running: RunningDeployment, replica: number, name: string, least: number): Promise<void> {
  for (let span = 0; span < MOST_SPANS; span++) {
    if ((await counterOf(running, replica, name)) >= least) return;
    await running.advance(SPAN_US);
  }
  expect.unreachable(`replica ${replica} did not count ${least} ${name} in ${(MOST_SPANS * SPAN_US) / SECOND} s`);
}

describe.each(subjectsUnderTest)('runtime $name', ({ runtime, restartable }) => {
  const launch = async () => {
    deployment = await runtime.launch(SPEC, new AbortController().signal);
    return deployment;
  };

  if (restartable !== true) {
    test(`restarts no replica: ${restartable}`, async () => {
      expect((await launch()).restart).toBeUndefined();
    });
    return;
  }

  test(
    'restarts a backup, then the primary, empty and under load: each catches up and executes, and the history is linearizable',
    async () => {
      const running = await launch();
      await running.startLoad();
      await running.advance(SPAN_US);
      for (const replica of [3, 0]) {
        await running.restart?.(replica);
        await until(running, replica, 'pbft.rejoined', 1);
        await until(running, replica, 'replica.handled', 20);
      }
      const histories = await running.stopLoad(10 * SECOND);
      const operations = histories.reduce((sum, { length }) => sum + length, 0);
      expect(histories.flatMap(({ completedUs }) => [...completedUs]).filter(Number.isNaN)).toEqual([]);
      expect(checkerFor('counter').check(histories)).toEqual({ outcome: 'ok', operations });
    },
    TIMEOUT_MS,
  );

  test('refuses to restart what there is not', async () => {
    const running = await launch();
    await expect(running.restart?.(4)).rejects.toThrow(new RuntimeFailure('there is no replica 4 to restart'));
  });
});
