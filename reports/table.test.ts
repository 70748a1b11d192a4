import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { ResultRow } from '../harness/results/columns.ts';
import { comparisonsOf } from './comparisons.ts';
import { pointsOf } from './points.ts';
import { readResults } from './results-file.ts';
import { resultsText } from './table.ts';
import { repeats, row } from './testing/rows.ts';

const fixture = fileURLToPath(new URL('./testing/fixtures/fault-scalability', import.meta.url));

function textOf(rows: readonly ResultRow[]): string {
  return resultsText(comparisonsOf(pointsOf(rows)), 2);
}

test('the whole block of a small run', async () => {
  const { rows } = await readResults(fixture);
  await expect(textOf(rows)).toMatchFileSnapshot('./testing/fixtures/fault-scalability/results.txt');
});

test('a row tells the median, the range, the change, milliseconds and the runs', () => {
  const text = textOf([
    ...repeats([1_000, 1_200, 1_100], { f: 1, latency_p50_us: 2_500, latency_p99_us: 9_000 }),
    ...repeats([550], { f: 2 }),
  ]);
  expect(text).toMatch(/Q\/U +1 +6 +8 +1,100 \[1,000\.\.1,200\] +base +2\.5 +9 +3 of 3\n/);
  expect(text).toMatch(/Q\/U +2 +6 +8 +550 \[550\.\.550\] +-50 % /);
  expect(text).toMatch(/Q\/U +1 → 2 +-50 % +0 %\n/);
});

test('counted MACs and messages stand beside their closed forms', () => {
  const text = textOf([row({ macs_per_handled_op_busiest: 10.04, messages_per_op: 10.25, macs_per_op_published: 11 })]);
  expect(text).toMatch(/Q\/U +1 +100 +900 +10,000 +base +1 +10\.04 +10 +11 +10\.25 +10\n/);
});

test('what is not known is a dash with its reason, never a zero', () => {
  const text = textOf([
    row({ cpu_us_per_op_busiest: undefined, cpu_us_per_op_total: undefined, dedicated_bound_ops_s: undefined }),
    row({ protocol: 'pbft', verdict: 'invalid', verdict_reason: 'no quorum: replica 2 died', throughput_ops_s: 0 }),
  ]);
  expect(text).toMatch(/Q\/U +1 +- +- +- +- +1 +10 +10/);
  expect(text).toContain(
    '- cpu_us_per_op_busiest, cpu_us_per_op_total, dedicated_bound_ops_s: not recorded for any of these',
  );
  expect(text).toMatch(/PBFT +1 +6 +- +- +- +- +- +0 of 1\n/);
  expect(text).toContain('PBFT, f = 1, 8 clients: 1 invalid, none valid: no quorum: replica 2 died');
});

test('the published losses are shown beside ours for f = 1 to 5 only', () => {
  const five = textOf([
    row({ f: 1, throughput_ops_s: 1_000 }),
    row({ f: 5, throughput_ops_s: 300 }),
    row({ protocol: 'pbft', f: 1 }),
    row({ protocol: 'pbft', f: 5, throughput_ops_s: 100, dedicated_bound_ops_s: 5_000 }),
  ]);
  expect(five).toMatch(/Q\/U +1 → 5 +-70 % +0 % +-36 %\n/);
  expect(five).toMatch(/PBFT +1 → 5 +-90 % +-50 % +-83 %\n/);
  expect(textOf([row({ f: 1 }), row({ f: 3 })])).toContain('measure --faults 1..5');
});

test('a difference that the runs do not bear out is a tilde with its reason', () => {
  const text = textOf([row(), row({ protocol: 'pbft', throughput_ops_s: 2_000 })]);
  expect(text).toMatch(/throughput ops\/s +1 +Q\/U +PBFT +0\.5 +-1,000 +~\n/);
  expect(text).toContain('~ not told apart: no interval below 6 runs');
});

test('each reason why rows are not valid has a line, and so has each warning', () => {
  const text = textOf([
    row({ repeat: 1, verdict_reason: 'warning: a client driver used 95 % of a core' }),
    row({ repeat: 2, verdict: 'invalid', verdict_reason: 'never steady: 10 %' }),
    row({ repeat: 3, verdict: 'unknown', verdict_reason: 'check out of time' }),
  ]);
  expect(text).toContain('Q/U, f = 1, 8 clients: 1 invalid, 1 unknown: check out of time\n  and: never steady: 10 %\n');
  expect(text).toContain('Q/U, f = 1: warning: a client driver used 95 % of a core\n');
  expect(text).toMatch(/Q\/U +1 .* +1 of 3\n/);
});

test('what is not known for some is told for these', () => {
  const text = textOf([row({ cpu_us_per_op_total: undefined }), row({ f: 2 })]);
  expect(text).toContain('- cpu_us_per_op_total: not recorded for Q/U f = 1');
});

test('where no closed form applies the table says so', () => {
  const text = textOf([
    row({ objects: 'shared', macs_per_handled_op_model: undefined, messages_per_op_model: undefined }),
  ]);
  expect(text).toContain('- macs_per_handled_op_model, messages_per_op_model: no closed form applies to any of these');
});

test('simulated numbers are called so', () => {
  const noCpu = { cpu_us_per_op_busiest: undefined, cpu_us_per_op_total: undefined, dedicated_bound_ops_s: undefined };
  const text = textOf([row({ topology: 'lan-10g', runtime: 'sim', ...noCpu })]);
  expect(text).toContain('Throughput and latency, simulated: lan-10g,');
  expect(text).toContain('predict no real one');
  expect(text).not.toContain('shared host');
});

test('several outstanding operations stand beside the clients', () => {
  expect(textOf([row({ clients: 8, outstanding: 4 })])).toMatch(/Q\/U +1 +6 +8×4 /);
});

test('where one client count was tried, the titles tell it, and nothing is called best', () => {
  const text = textOf([row(), row({ protocol: 'pbft' })]);
  expect(text).toMatch(/^Throughput and latency, .*, at 8 clients$/m);
  expect(text).toMatch(/^Differences at equal f, each protocol at 8 clients$/m);
  expect(text).toContain('busiest replica, at 8 clients; computed');
  expect(text).not.toContain('best client count');
  expect(textOf([row({ clients: 1 })])).toMatch(/, at 1 client$/m);
  expect(textOf([row({ outstanding: 4 })])).toMatch(/, at 8 clients, 4 operations outstanding each$/m);
});

test('where several client counts were tried, the best is taken', () => {
  const text = textOf([row(), row({ clients: 16 }), row({ protocol: 'pbft' })]);
  expect(text).toMatch(/^Throughput and latency, .*, at the best client count$/m);
  expect(text).toMatch(/^Differences at equal f, each protocol at its best client count$/m);
});

test('no colours and no blanks at line ends', async () => {
  const text = textOf((await readResults(fixture)).rows);
  expect(text).not.toContain('\u001b');
  expect(text).not.toMatch(/ $/m);
});

test('no rows at all says so', () => {
  expect(textOf([])).toBe('no rows in results.csv: no measurement was finished');
});
