import { describe, expect, test } from 'vitest';
import type { ResultRow } from '../results/columns.ts';
import { rowWith } from '../results/testing/rows.ts';
import { type Outcome, runCampaign } from './campaign.ts';

const MEASUREMENTS = 5;

function outcome(index: number, failed: boolean): Outcome {
  return { row: rowWith({ repeat: index }), failed };
}

interface Asked {
  readonly fails?: readonly number[];
  readonly abortAt?: number;
  readonly throwAt?: number;
  readonly jobs?: number;
  /** The order in which measurements end that are under way at once: as they began, or the other way round. */
  readonly reversed?: boolean;
}

/** Which measurements are kept, by their index, and how the campaign ends. */
async function campaign({ fails = [], abortAt, throwAt, jobs = 1, reversed = false }: Asked) {
  const controller = new AbortController();
  const kept: (number | undefined)[] = [];
  const begun: number[] = [];
  let underWay = 0;
  let most = 0;
  const end = await runCampaign({
    measurements: MEASUREMENTS,
    jobs,
    signal: controller.signal,
    measure: async (index, signal) => {
      begun.push(index);
      most = Math.max(most, ++underWay);
      for (let turn = reversed ? MEASUREMENTS - index : 1; turn > 0; turn--) await Promise.resolve();
      underWay--;
      if (index === abortAt) controller.abort();
      if (index === throwAt) throw new Error(`broke at ${index}`);
      signal.throwIfAborted();
      return outcome(index, fails.includes(index));
    },
    keep: ({ row }: { readonly row: ResultRow }) => kept.push(row.repeat),
  });
  return { kept, end, most, begun };
}

describe.each([
  { jobs: 1, reversed: false },
  { jobs: 2, reversed: false },
  { jobs: 3, reversed: true },
  { jobs: 9, reversed: true },
])('$jobs at a time, later ones first: $reversed', (how) => {
  test('all is measured and kept in order, failures too', async () => {
    expect(await campaign({ ...how, fails: [0, 1, 3] })).toMatchObject({ kept: [0, 1, 2, 3, 4], end: 'finished' });
  });

  test('three failures in a row are enough', async () => {
    expect(await campaign({ ...how, fails: [1, 2, 3] })).toMatchObject({ kept: [0, 1, 2, 3], end: 'gave-up' });
  });

  test('failures of the last three give nothing up', async () => {
    expect(await campaign({ ...how, fails: [2, 3, 4] })).toMatchObject({ kept: [0, 1, 2, 3, 4], end: 'finished' });
  });

  test('no more are under way than allowed', async () => {
    expect((await campaign(how)).most).toBe(Math.min(how.jobs, MEASUREMENTS));
  });

  test('an error that is no failure of a measurement ends all', async () => {
    await expect(campaign({ ...how, throwAt: 0 })).rejects.toThrow('broke at 0');
  });
});

test('an interrupt keeps what is finished, and begins nothing new', async () => {
  expect(await campaign({ abortAt: 2 })).toMatchObject({ kept: [0, 1], begun: [0, 1, 2], end: 'interrupted' });
});

test('an interrupt keeps what has finished before its turn, in order', async () => {
  expect(await campaign({ abortAt: 1, jobs: 5, reversed: true })).toMatchObject({
    kept: [2, 3, 4],
    end: 'interrupted',
  });
});
