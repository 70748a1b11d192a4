import { expect, test } from 'vitest';
import { protocolNamed } from '../../baselines/registry.ts';
import { counterService } from '../../src/services/counter.ts';
import { pointsOf } from '../suites/points.ts';
import { type Measurement, schedule } from '../suites/schedule.ts';
import { DEFAULTS } from '../suites/settings.ts';
import { catalogWith } from '../suites/testing/catalog.ts';
import { runCampaign } from './campaign.ts';
import type { Measured } from './measure.ts';
import { failedRow } from './row.ts';

const measurements = schedule(pointsOf(DEFAULTS, catalogWith()), 5, 1);

function measuredAs(measurement: Measurement, failed: boolean): Measured {
  const load = { clients: 1, outstanding: 1, drivers: 1, objects: 'private', queryShare: 0 } as const;
  const spec = {
    protocol: 'unreplicated',
    protocolOptions: {},
    faults: 0,
    service: 'counter',
    serviceOptions: {},
    mac: '',
    seed: 1,
    load,
  };
  const { costModel } = protocolNamed('unreplicated').deploy(0, counterService.create({}), {});
  const deployed = {
    replicas: 1,
    quorum: 1,
    options: {},
    messageKinds: [],
    costModel,
    createReplica: unused,
    createClient: unused,
  };
  const subject = { runId: '', suite: '', runtime: '', measurement, spec, deployed, graceSeconds: 1 };
  return { row: failedRow(subject, 'broke'), histories: [], failed };
}

function unused(): never {
  throw new Error('nothing is deployed here');
}

/** Which repeats are kept, and how the campaign ends. */
async function campaign(fails: readonly number[], abortAt = 0) {
  const controller = new AbortController();
  const kept: number[] = [];
  const end = await runCampaign({
    measurements,
    signal: controller.signal,
    measure: async (measurement) => {
      await Promise.resolve();
      if (measurement.repeat === abortAt) controller.abort();
      controller.signal.throwIfAborted();
      return measuredAs(measurement, fails.includes(measurement.repeat));
    },
    keep: ({ repeat }) => kept.push(repeat),
  });
  return { kept, end };
}

test('all is measured and kept, failures too', async () => {
  expect(await campaign([1, 2, 4])).toEqual({ kept: [1, 2, 3, 4, 5], end: 'finished' });
});

test('three failures in a row are enough', async () => {
  expect(await campaign([2, 3, 4])).toEqual({ kept: [1, 2, 3, 4], end: 'gave-up' });
});

test('failures of the last three give nothing up', async () => {
  expect(await campaign([3, 4, 5])).toEqual({ kept: [1, 2, 3, 4, 5], end: 'finished' });
});

test('an interrupt keeps what is finished', async () => {
  expect(await campaign([], 3)).toEqual({ kept: [1, 2], end: 'interrupted' });
});
