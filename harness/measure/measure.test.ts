import { describe, expect, test } from 'vitest';
import { simulatedBy } from '../runtimes/sim/simulation-of.ts';
import { pointsOf } from '../suites/points.ts';
import { schedule } from '../suites/schedule.ts';
import { DEFAULTS, type Suite } from '../suites/settings.ts';
import { catalogWith } from '../suites/testing/catalog.ts';
import { measure } from './measure.ts';
import { type FakeBehaviour, FakeRuntime } from './testing/fake-runtime.ts';

const suite: Suite = {
  ...DEFAULTS,
  name: 'mine',
  title: 'Mine',
  summary: 'For tests.',
  runtime: 'fake',
  clients: [1],
  warmupSeconds: 0.01,
  durationSeconds: 0.1,
  cooldownSeconds: 0.01,
};

function measuring(behaviour: FakeBehaviour, changed: Partial<Suite> = {}, signal = new AbortController().signal) {
  const runtime = new FakeRuntime(behaviour);
  const catalog = catalogWith(runtime);
  const asked = { ...suite, ...changed };
  const [measurement] = schedule(pointsOf(asked, catalog), 1, 42);
  if (measurement === undefined) throw new Error('nothing to measure');
  return { runtime, measured: measure(measurement, { runId: 'run', suite: asked, catalog, signal }) };
}

describe('a measurement', () => {
  test('becomes a row', async () => {
    const { row, failed } = await measuring({}).measured;
    expect(failed).toBe(false);
    expect(row).toMatchObject({
      run_id: 'run',
      suite: 'mine',
      protocol: 'unreplicated',
      variant: '',
      f: 0,
      n: 1,
      quorum: 1,
      runtime: 'fake',
      topology: 'shared-host',
      service_options: '{}',
      protocol_options: '{"retransmitUs":250000}',
      load: 'closed',
      repeat: 1,
      seed: 42,
      window_us: 100_000,
      operations: 1_000,
      throughput_ops_s: 10_000,
      latency_mean_us: 100,
      batch_mean: 1,
      messages_per_op: 2,
      messages_per_op_model: 2,
      messages_per_handled_op_busiest: 2,
      messages_per_handled_op_model: 2,
      macs_per_op_busiest: 2,
      macs_per_handled_op_busiest: 2,
      macs_per_handled_op_model: 2,
      cpu_us_per_op_busiest: 20,
      cpu_us_per_op_total: 30,
      dedicated_bound_ops_s: 50_000,
      client_cpu_share: 0.1,
      resident_mib: 1,
      steadiness: 1,
      incomplete: 0,
      checked_operations: 1_160,
      verdict: 'valid',
      verdict_reason: '',
    });
  });

  test('brings up no driver without a client', async () => {
    const { runtime, measured } = measuring({}, { drivers: 4, clients: [3] });
    await measured;
    expect(runtime.specs[0]?.load).toMatchObject({ drivers: 3, clients: 3 });
  });

  test('whose history is wrong is invalid, and keeps its numbers', async () => {
    const { row } = await measuring({ history: (operations) => operations.filter((_, index) => index !== 17) })
      .measured;
    expect(row).toMatchObject({ verdict: 'invalid', operations: 1_000 });
    expect(row.verdict_reason).toMatch(/^safety broken: object-0: value 18 is missing/);
  });

  test('that lost an operation is invalid', async () => {
    const { row } = await measuring({ history: (operations) => [...operations, { invokedUs: 50 }] }).measured;
    expect(row).toMatchObject({ verdict: 'invalid', incomplete: 1 });
  });

  test('in which nothing ended has no latency and says why', async () => {
    const { row } = await measuring({ handledBy: () => 0, history: () => [] }).measured;
    expect(row).toMatchObject({ verdict: 'invalid', operations: 0, throughput_ops_s: 0, latency_p50_us: undefined });
    expect(row.verdict_reason).toBe('no operation ended in the window: the clients sent nothing');
  });

  test('of a service without order is checked for completeness', async () => {
    const { row } = await measuring(
      { history: (operations) => operations.map(({ value: _, ...rest }) => rest) },
      { workloads: [{ service: 'null', serviceOptions: {}, objects: 'private', queryShare: 0 }] },
    ).measured;
    expect(row.verdict).toBe('valid');
  });

  test('whose runtime fails becomes an invalid row without numbers', async () => {
    const { row, failed, histories } = await measuring({ failAt: 'advance' }).measured;
    expect({ failed, histories }).toEqual({ failed: true, histories: [] });
    expect(row).toMatchObject({ f: 0, verdict: 'invalid', operations: undefined, throughput_ops_s: undefined });
    expect(row.verdict_reason).toMatch(/^replica 0 died at advance/);
  });

  test('that is interrupted becomes no row', async () => {
    const controller = new AbortController();
    const { runtime, measured } = measuring({ onAdvance: () => controller.abort() }, {}, controller.signal);
    await expect(measured).rejects.toThrow(/abort/);
    expect(runtime.calls.at(-1)).toBe('close');
  });

  test('lets errors of the program through', async () => {
    const failure = new TypeError('x is not a function');
    await expect(measuring({ failAt: 'sample', failure }).measured).rejects.toBe(failure);
  });
});

describe('a simulated measurement', () => {
  const simulated = (protocol: string, recordAtMost: number | undefined) => {
    const asked = {
      ...suite,
      protocols: [{ protocol, options: {} }],
      faults: [1],
      runtime: 'sim',
      topology: 'lan-10g',
      drivers: 3,
      clients: [7],
      warmupSeconds: 0.02,
      durationSeconds: 0.03,
    };
    const catalog = catalogWith();
    const [measurement] = schedule(pointsOf(asked, catalog), 1, 42);
    if (measurement === undefined) throw new Error('nothing to measure');
    const simulation = { ...simulatedBy(asked), crypto: 'modelled' } as const;
    const { signal } = new AbortController();
    return measure(measurement, { runId: 'run', suite: asked, catalog, signal, simulation, recordAtMost });
  };

  test.each(['pbft', 'qu'])('of %s has the same row however little of it is recorded', async (protocol) => {
    const whole = await simulated(protocol, undefined);
    expect(whole.row.verdict).toBe('valid');
    const operations = whole.row.checked_operations ?? 0;
    // None, some of the warm-up, up to within the window, and nearly all.
    for (const share of [0, 0.1, 0.6, 0.95]) {
      const { row, histories } = await simulated(protocol, Math.floor(share * operations));
      expect(row).toEqual({ ...whole.row, checked_operations: row.checked_operations });
      expect(row.checked_operations).toBeLessThanOrEqual(share * operations);
      expect(histories.reduce((sum, { length }) => sum + length, 0)).toBeLessThanOrEqual(share * operations + 3);
    }
  });
});
