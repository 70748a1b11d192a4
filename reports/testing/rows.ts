import { columns, type ResultRow } from '../../harness/results/columns.ts';
import { csvText } from '../csv.ts';

/** A valid row of Q/U at f = 1 in which every column has a value. */
export function row(changes: Partial<ResultRow> = {}): ResultRow {
  return {
    run_id: '2026-01-01T000000Z-test',
    suite: 'test',
    protocol: 'qu',
    variant: '',
    f: 1,
    n: 6,
    quorum: 5,
    runtime: 'process',
    topology: 'shared-host',
    service: 'counter',
    service_options: '{}',
    protocol_options: '{"inlineRepair":true}',
    mac: 'hmac-sha256',
    load: 'closed',
    clients: 8,
    outstanding: 1,
    objects: 'private',
    query_share: 0,
    repeat: 1,
    seed: 1,
    window_us: 1_000_000,
    operations: 1_000,
    throughput_ops_s: 1_000,
    latency_mean_us: 1_100,
    latency_p50_us: 1_000,
    latency_p90_us: 2_000,
    latency_p99_us: 4_000,
    latency_p999_us: 6_000,
    latency_max_us: 9_000,
    retries_per_op: 0,
    backoffs_per_op: 0,
    operation_types: '{"qu.operation.method":6}',
    batch_mean: 1,
    messages_per_op: 10,
    messages_per_op_model: 10,
    messages_per_op_busiest: 2,
    messages_per_handled_op_busiest: 2,
    messages_per_handled_op_model: 2,
    bytes_per_op: 5_000,
    macs_generated_per_op_busiest: 5,
    macs_verified_per_op_busiest: 5,
    macs_per_op_busiest: 8.5,
    macs_per_handled_op_busiest: 10,
    macs_per_handled_op_model: 10,
    macs_per_op_published: 10,
    macs_per_op_total: 50,
    digests_per_op_busiest: 2,
    digests_per_op_total: 12,
    cpu_us_per_op_busiest: 100,
    cpu_us_per_op_total: 900,
    dedicated_bound_ops_s: 10_000,
    client_cpu_share: 0.4,
    resident_mib: 400,
    host_probe_us: undefined,
    steadiness: 0.95,
    incomplete: 0,
    checked_operations: 2_000,
    verdict: 'valid',
    verdict_reason: '',
    ...changes,
  };
}

/** Repeats 1, 2, … of one point, one for each throughput. */
export function repeats(throughputs: readonly number[], changes: Partial<ResultRow> = {}): readonly ResultRow[] {
  return throughputs.map((throughput, index) =>
    row({ ...changes, repeat: index + 1, seed: index + 1, throughput_ops_s: throughput }),
  );
}

/** The rows as results.csv. */
export function resultsCsv(rows: readonly ResultRow[]): string {
  return csvText(
    columns.map(({ name, type, description }) => ({ name, type, description, cell: (one: ResultRow) => one[name] })),
    rows,
  );
}
