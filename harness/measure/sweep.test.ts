import { describe, expect, test } from 'vitest';
import type { ResultRow } from '../results/columns.ts';
import { simulatedBy } from '../runtimes/sim/simulation-of.ts';
import { DEFAULTS, type Suite } from '../suites/settings.ts';
import { catalogWith } from '../suites/testing/catalog.ts';
import { runSweep } from './sweep.ts';
import { FakeRuntime } from './testing/fake-runtime.ts';

const suite: Suite = {
  ...DEFAULTS,
  name: 'mine',
  title: 'Mine',
  summary: 'For tests.',
  runtime: 'sim',
  clients: [1, 2],
  warmupSeconds: 0.01,
  durationSeconds: 0.05,
  cooldownSeconds: 0,
  repeat: 20,
};

interface Asked {
  readonly jobs: number;
  readonly changed?: Partial<Suite>;
  readonly runtime?: FakeRuntime;
  readonly onKept?: (kept: number, controller: AbortController) => void;
}

async function sweep({ jobs, changed = {}, runtime = new FakeRuntime(), onKept = () => {} }: Asked) {
  const controller = new AbortController();
  const rows: ResultRow[] = [];
  const asked = { ...suite, ...changed };
  const end = await runSweep({
    runId: 'run',
    suite: asked,
    simulation: asked.runtime === 'sim' ? { ...simulatedBy(asked), crypto: 'modelled' } : undefined,
    historiesIn: undefined,
    catalog: catalogWith(runtime),
    jobs,
    signal: controller.signal,
    keep: (row) => {
      rows.push(row);
      onKept(rows.length, controller);
    },
  });
  return { end, rows };
}

describe('simulated measurements', () => {
  test('are the same on threads as in this one', async () => {
    const one = await sweep({ jobs: 1, changed: { repeat: 2 } });
    expect(one.rows).toHaveLength(4);
    expect(await sweep({ jobs: 3, changed: { repeat: 2 } })).toEqual(one);
  });

  test('are ended by an interrupt, and finished ones are kept', async () => {
    const { end, rows } = await sweep({ jobs: 2, onKept: (_, controller) => controller.abort() });
    expect(end).toBe('interrupted');
    expect(rows.length).toBeGreaterThanOrEqual(1);
    expect(rows.length).toBeLessThan(40);
  });

  test('that break become rows, and three in a row are enough', async () => {
    const { end, rows } = await sweep({ jobs: 2, changed: { mac: 'none' } });
    expect(end).toBe('gave-up');
    expect(rows.map(({ verdict_reason }) => verdict_reason)).toEqual([
      "unknown MAC suite 'none'; there are hmac-sha256, blake3, blake2b, siphash-2-4",
      expect.any(String),
      expect.any(String),
    ]);
  });
});

test('real measurements follow each other whatever is asked', async () => {
  const runtime = new FakeRuntime();
  await sweep({ jobs: 4, changed: { runtime: 'fake', repeat: 1 }, runtime });
  expect(runtime.calls.filter((call) => call === 'launch' || call === 'close')).toEqual([
    'launch',
    'close',
    'launch',
    'close',
  ]);
});
