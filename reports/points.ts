import type { ResultRow } from '../harness/results/columns.ts';
import { type Summary, summarise } from './statistics.ts';

/** What was set for a row; all but run, repeat and seed. Rows that agree in all of these are repeats of one point. */
export const parameters = [
  'suite',
  'protocol',
  'variant',
  'f',
  'n',
  'quorum',
  'runtime',
  'topology',
  'service',
  'service_options',
  'protocol_options',
  'mac',
  'load',
  'clients',
  'outstanding',
  'objects',
  'query_share',
] as const satisfies readonly (keyof ResultRow)[];

/** Metrics whose distribution over the repeats is reported. */
export const metrics = [
  'throughput_ops_s',
  'latency_p50_us',
  'latency_p99_us',
  'cpu_us_per_op_busiest',
  'cpu_us_per_op_total',
  'dedicated_bound_ops_s',
  'macs_per_op_busiest',
  'macs_per_handled_op_busiest',
  'macs_per_op_total',
  'messages_per_op',
  'messages_per_handled_op_busiest',
] as const satisfies readonly (keyof ResultRow)[];

/** Columns of which the median alone is reported: closed forms, which follow the measured batch size, and circumstances. */
export const medianOnly = [
  'macs_per_handled_op_model',
  'macs_per_op_published',
  'messages_per_op_model',
  'messages_per_handled_op_model',
  'batch_mean',
  'bytes_per_op',
  'retries_per_op',
  'client_cpu_share',
  'resident_mib',
] as const satisfies readonly (keyof ResultRow)[];

export type Parameters = Pick<ResultRow, (typeof parameters)[number]>;
export type Metric = (typeof metrics)[number];
export type SummarisedColumn = Metric | (typeof medianOnly)[number];

export interface Point {
  readonly parameters: Parameters;
  /** The only ones that enter a statistic. */
  readonly validRows: readonly ResultRow[];
  readonly invalid: number;
  readonly unknown: number;
  /** Why rows are not valid, each reason once. */
  readonly reasons: readonly string[];
  /** Warnings on valid rows, each once. */
  readonly warnings: readonly string[];
}

/** Points in an order that depends on their parameters only, not on the order of the trials. */
export function pointsOf(rows: readonly ResultRow[]): readonly Point[] {
  const groups = new Map<string, ResultRow[]>();
  for (const row of rows) {
    const key = JSON.stringify(parameters.map((name) => row[name] ?? null));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()].map(pointOf).sort(comparePoints);
}

/** Undefined where no valid row knows the column. */
export function summaryOf(point: Point, column: SummarisedColumn): Summary | undefined {
  return summarise(valuesOf(point, column));
}

export function valuesOf(point: Point, column: SummarisedColumn): readonly number[] {
  return point.validRows.map((row) => row[column]).filter((value) => value !== undefined);
}

function pointOf(rows: readonly ResultRow[]): Point {
  const first = rows[0];
  if (first === undefined) throw new RangeError('a point has at least one row');
  const refused = rows.filter((row) => row.verdict !== 'valid');
  const validRows = rows.filter((row) => row.verdict === 'valid').sort((a, b) => (a.repeat ?? 0) - (b.repeat ?? 0));
  const reasons = refused.map((row) => row.verdict_reason || `${row.verdict}, no reason given`);
  return {
    parameters: parametersOf(first),
    validRows,
    invalid: refused.filter((row) => row.verdict === 'invalid').length,
    unknown: refused.filter((row) => row.verdict === 'unknown').length,
    reasons: distinct(reasons),
    warnings: distinct(validRows.map((row) => row.verdict_reason).filter((text) => text !== '')),
  };
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort(compareText);
}

function parametersOf(row: ResultRow): Parameters {
  const {
    suite,
    protocol,
    variant,
    f,
    n,
    quorum,
    runtime,
    topology,
    service,
    service_options,
    protocol_options,
    mac,
    load,
    clients,
    outstanding,
    objects,
    query_share,
  } = row;
  return {
    suite,
    protocol,
    variant,
    f,
    n,
    quorum,
    runtime,
    topology,
    service,
    service_options,
    protocol_options,
    mac,
    load,
    clients,
    outstanding,
    objects,
    query_share,
  };
}

function comparePoints(a: Point, b: Point): number {
  for (const name of parameters) {
    const left = a.parameters[name];
    const right = b.parameters[name];
    const order =
      typeof left === 'string' || typeof right === 'string'
        ? compareText(String(left), String(right))
        : (left ?? -1) - (right ?? -1);
    if (order !== 0) return order;
  }
  return 0;
}

const collator = new Intl.Collator('en', { numeric: true });

/** Numbers inside texts by value: `batch=8` before `batch=64`. */
export function compareText(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}
