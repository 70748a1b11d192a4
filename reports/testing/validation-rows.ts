import type { ResultRow } from '../../harness/results/columns.ts';
import { repeats, row } from './rows.ts';

/** One point measured, at each of these throughputs, and simulated with an error; latency and CPU time have a tenth of it. */
export function measuredAndSimulated(
  measured: readonly number[],
  error: number,
  changes: Partial<ResultRow> = {},
): readonly ResultRow[] {
  const middle = [...measured].sort((a, b) => a - b)[Math.floor(measured.length / 2)] ?? 0;
  return [
    ...repeats(measured, changes),
    simulatedRow({
      throughput_ops_s: middle * (1 + error),
      latency_p50_us: 1_000 * (1 + error / 10),
      cpu_us_per_op_busiest: 100 * (1 + error / 10),
      cpu_us_per_op_total: 900 * (1 + error / 10),
      ...changes,
    }),
  ];
}

export function simulatedRow(changes: Partial<ResultRow> = {}): ResultRow {
  return row({ run_id: 'sim-test-01234567', runtime: 'sim', resident_mib: undefined, ...changes });
}
