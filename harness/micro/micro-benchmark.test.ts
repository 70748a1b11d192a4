import { expect, test } from 'vitest';
import { protocols } from '../../baselines/registry.ts';
import { hmacSha256 } from '../../src/crypto/hmac-sha256.ts';
import { cryptoBenchmarks } from './crypto-benchmarks.ts';
import { measureMicro, stepBenchmark } from './micro-benchmark.ts';
import { protocolBenchmarks } from './protocol-benchmarks.ts';
import { simulatorBenchmarks } from './simulator-benchmarks.ts';
import { wireBenchmarks } from './wire-benchmarks.ts';

test('every benchmark does its work again and again', () => {
  const all = [
    ...cryptoBenchmarks(),
    ...wireBenchmarks(),
    ...simulatorBenchmarks(),
    ...protocolBenchmarks(protocols, hmacSha256, [1, 2]),
  ];
  expect(new Set(all.map(({ group, name }) => `${group}: ${name}`)).size).toBe(all.length);
  for (const { run } of all) {
    for (let round = 0; round < 3; round++) expect(run(2) ?? 1).toBeGreaterThan(0);
  }
});

test('times are per step, in µs', async () => {
  const spin = () => {
    const endMs = performance.now() + 0.2;
    while (performance.now() < endMs);
  };
  const [result] = await measureMicro([stepBenchmark('test', 'spin for 200 µs', spin, 3)], 20);
  expect(result?.medianUs).toBeGreaterThan(199);
  expect(result?.medianUs).toBeLessThan(2_000);
  expect(result?.samples).toBeGreaterThanOrEqual(10);
});

test('a time that the benchmark itself took counts instead', async () => {
  const own = { group: 'test', name: 'own', timesPerSample: 4, run: () => 40 };
  const [result] = await measureMicro([own], 5);
  expect(result?.medianUs).toBeCloseTo(10, 6);
  expect(result?.medianDeviationUs).toBeCloseTo(0, 6);
});

test('what a benchmark throws is thrown', async () => {
  const broken = stepBenchmark('test', 'broken', () => {
    throw new Error('broken');
  });
  await expect(measureMicro([broken], 5)).rejects.toThrow('broken');
});
