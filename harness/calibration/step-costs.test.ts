import { describe, expect, test } from 'vitest';
import type { Cost } from '../costs/cost-profile.ts';
import { fitSteps, type KnownCosts, type MeasuredRun } from './step-costs.ts';
import { emptyRecord, INVOKE, type StepRecord } from './step-record.ts';

const cost = (us: number, usPerKilobyte = 0): Cost => ({ us, usPerKilobyte });

const known: KnownCosts = {
  encode: cost(0.2, 0.1),
  decode: cost(0.4, 0.1),
  execute: cost(0.3, 0.5),
  macs: { generate: cost(0.1, 1), verify: cost(0.1, 1), digest: cost(0.05, 1) },
};

interface Step extends Partial<Omit<StepRecord, 'us'>> {
  readonly ownUs: (replicas: number) => number;
}

/** A thousand steps of each kind, which take what is known of them and what is to be found. */
function madeRun(replicas: number, kinds: readonly Step[]): MeasuredRun {
  const records = kinds.map(({ ownUs, ...amounts }): StepRecord => {
    const record = { ...emptyRecord('replica', 'request'), steps: 1_000, ...amounts };
    const isMessage = record.trigger !== INVOKE;
    const us =
      1_000 * ownUs(replicas) +
      (isMessage ? 0.4 * 1_000 + (0.1 * record.receivedBytes) / 1024 : 0) +
      0.2 * record.sends +
      (0.1 * record.sentBytes) / 1024 +
      0.3 * record.executions +
      (0.5 * record.executedBytes) / 1024 +
      0.1 * record.macsGenerated +
      record.bytesTagged / 1024;
    return { ...record, us };
  });
  return { name: `n=${replicas}`, known, run: { records, replicas, operations: 1_000 } };
}

const bytes = (each: number) => 1_000 * each;

describe('steps of which sums are known', () => {
  const runs = [6, 11, 16].flatMap((replicas) =>
    [100, 4_096].map((size) =>
      madeRun(replicas, [
        { receivedBytes: bytes(size + 40 * replicas), ownUs: (n) => 2 + 0.3 * n + (0.5 * (size + 40 * n)) / 1024 },
        {
          receivedBytes: bytes(size + 40 * replicas),
          sends: 1_000,
          sentBytes: bytes(300),
          executions: 1_000,
          executedBytes: bytes(8),
          macsGenerated: 5_000,
          bytesTagged: bytes(5 * 47),
          ownUs: (n) => 2 + 0.3 * n + (0.5 * (size + 40 * n)) / 1024 + 1.5,
        },
        { role: 'client', trigger: INVOKE, sends: 1_000, sentBytes: bytes(size), ownUs: (n) => 1 + 0.2 * n },
      ]),
    ),
  );
  const { costs, checks } = fitSteps(runs);

  test('what is known is subtracted, and the rest told apart by replicas and bytes', () => {
    const request = costs.replica.received['request'];
    expect(request?.us).toBeCloseTo(2, 1);
    expect(request?.usPerReplica).toBeCloseTo(0.3, 2);
    expect(request?.usPerKilobyte).toBeCloseTo(0.5, 2);
    expect(costs.replica.send.us + costs.replica.execution.us).toBeCloseTo(1.5, 2);
    expect(costs.client.invoke.usPerReplica).toBeCloseTo(0.2, 2);
    expect(costs.client.invoke.us + costs.client.send.us).toBeCloseTo(1, 1);
  });

  test('a configuration is predicted as it was measured, cryptography left out', () => {
    for (const { measuredUs, predictedUs } of checks) {
      expect(predictedUs / measuredUs).toBeGreaterThan(0.995);
      expect(predictedUs / measuredUs).toBeLessThan(1.005);
    }
    expect(checks.map(({ name }) => name)).toEqual(runs.map(({ name }) => name));
    expect(costs.replica.send.spread).toBeLessThan(0.005);
  });
});

test('what has one size costs time and not bytes', () => {
  const { costs } = fitSteps([madeRun(1, [{ receivedBytes: bytes(64), ownUs: () => 3 }])]);
  const request = costs.replica.received['request'];
  expect(request?.us).toBeGreaterThan(2.7);
  expect(request?.usPerKilobyte).toBeLessThan(0.5);
  expect(request?.usPerReplica).toBeLessThan(0.1);
});

test('no cost is negative where a protocol encodes more cheaply than messages in general', () => {
  const { costs, checks } = fitSteps([
    madeRun(6, [{ role: 'client', trigger: INVOKE, sends: 5_000, ownUs: () => 2 - 0.5 }]),
    madeRun(11, [{ role: 'client', trigger: INVOKE, sends: 9_000, ownUs: () => 2 - 0.9 }]),
  ]);
  expect(costs.client.send.us).toBe(0);
  expect(costs.client.invoke.us).toBeGreaterThan(0);
  for (const { measuredUs, predictedUs } of checks) expect(Math.abs(predictedUs / measuredUs - 1)).toBeLessThan(0.1);
});
