#!/usr/bin/env node
import { Command } from 'commander';
import { protocols } from '../baselines/registry.ts';
import { cryptoBenchmarks } from '../harness/micro/crypto-benchmarks.ts';
import {
  type MicroBenchmark,
  type MicroResult,
  measureMicro,
  stepBenchmark,
} from '../harness/micro/micro-benchmark.ts';
import { protocolBenchmarks } from '../harness/micro/protocol-benchmarks.ts';
import { simulatorBenchmarks } from '../harness/micro/simulator-benchmarks.ts';
import { wireBenchmarks } from '../harness/micro/wire-benchmarks.ts';
import { terminalText } from '../reports/text-table.ts';
import { availableSuites } from '../src/crypto/suites.ts';
import { FIRST_CLIENT } from '../src/kernel/identifiers.ts';
import { classify } from '../src/qu/classification.ts';
import { historyAfterMethod, INITIAL_CANDIDATE, makeCandidate, timestampOf } from '../src/qu/replica-history.ts';
import { CandidateKind, makeTimestamp } from '../src/qu/timestamp.ts';

/** How long each step of a run takes on this machine: MACs, digests, authenticators, encoding, classification, replica steps. */

const digest = new Uint8Array(32).fill(7);
const candidateAt = (time: number) =>
  makeCandidate(
    makeTimestamp({
      time,
      kind: CandidateKind.version,
      client: FIRST_CLIENT,
      operationDigest: digest,
      historySetDigest: digest,
    }),
    timestampOf(INITIAL_CANDIDATE),
  );

/** All replicas of a quorum hold the same history; or one of them is a candidate ahead of the others. */
function classificationBenchmarks(): readonly MicroBenchmark[] {
  const older = historyAfterMethod(INITIAL_CANDIDATE, timestampOf(candidateAt(1)));
  const newer = historyAfterMethod(candidateAt(1), timestampOf(candidateAt(2)));
  return [1, 5].flatMap((b) => {
    const thresholds = { quorum: 4 * b + 1, repairable: 2 * b + 1 };
    const agreed = [{ history: newer, weight: 4 * b + 1 }];
    const split = [
      { history: older, weight: 4 * b },
      { history: newer, weight: 1 },
    ];
    return [
      stepBenchmark('qu', `classify, b=${b}, one history`, () => classify(agreed, thresholds)),
      stepBenchmark('qu', `classify, b=${b}, two histories`, () => classify(split, thresholds)),
    ];
  });
}

function allBenchmarks(): readonly MicroBenchmark[] {
  return [
    ...cryptoBenchmarks(),
    ...wireBenchmarks(),
    ...simulatorBenchmarks(),
    ...classificationBenchmarks(),
    ...availableSuites()
      .filter(({ name }) => name === 'hmac-sha256' || name === 'siphash-2-4')
      .flatMap((suite) => protocolBenchmarks(protocols, suite, [1, 2, 5])),
  ];
}

function tableOf(results: readonly MicroResult[]): string {
  const heads = ['of', 'step', 'median µs', '± deviation µs', 'p99 µs', 'samples'];
  return terminalText({
    title: 'Time of single steps',
    columns: heads.map((head, index) => ({ head, align: index < 2 ? 'left' : 'right' })),
    rows: results.map(({ group, name, medianUs, medianDeviationUs, p99Us, samples }) => [
      group,
      name,
      medianUs.toFixed(3),
      medianDeviationUs.toFixed(3),
      p99Us.toFixed(3),
      `${samples}`,
    ]),
    notes: [
      'deviation: median distance of the samples from their median; a sample is the mean of some 16 to 100 steps',
      'updates: 16 clients on objects of their own, no network and no timers; per update',
    ],
  });
}

const command = new Command('bench-micro')
  .description('Measure the time of single steps of a run on this machine')
  .option('--time <ms>', 'time for each step', (text) => Number(text), 200)
  .option('--only <text>', 'only steps whose name or group contains this text')
  .option('--json', 'print JSON instead of a table');

async function main(): Promise<void> {
  const { time, only, json } = command.parse().opts<{ time: number; only?: string; json?: boolean }>();
  if (!(time > 0)) return command.error(`error: --time must be a number of milliseconds above 0`);
  const chosen = allBenchmarks().filter(({ group, name }) => only === undefined || `${group}: ${name}`.includes(only));
  if (chosen.length === 0) return command.error(`error: no step contains '${only}'`);
  const results = await measureMicro(chosen, time, ({ group, name }) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${group}: ${name}`);
  });
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  process.stdout.write(json === true ? `${JSON.stringify(results, null, 2)}\n` : `${tableOf(results)}\n`);
}

await main();
