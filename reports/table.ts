import { lossesOf, publishedLoss, ratioBetween } from './claim.ts';
import { atLoad, type Comparison, peak, type Series, type SeriesAtFaults } from './comparisons.ts';
import { type Difference, differencesOf } from './differences.ts';
import { change, changeInterval, shown, UNKNOWN } from './numbers.ts';
import { type Metric, type Point, type SummarisedColumn, summaryOf } from './points.ts';
import { LEAST_RUNS_FOR_INTERVAL } from './statistics.ts';
import { type TextTable, terminalText } from './text-table.ts';
import type { Validation } from './validation.ts';
import { errorNote } from './validation-tables.ts';
import { isSimulated, settingText, whereImplied, whereMeasured } from './where.ts';

/** What stands under the heading RESULTS: what was measured, what it cost, how protocols differ, what f took away. No colours. */
export function resultsText(
  comparisons: readonly Comparison[],
  cores: number | undefined,
  validation?: Validation | undefined,
): string {
  if (comparisons.length === 0) return 'no rows in results.csv: no measurement was finished';
  const blocks = comparisons.flatMap((comparison) => [
    `${settingText(comparison.setting)}  (suite ${comparison.setting.suite})`,
    ...resultTables(comparison, cores, validation).map(terminalText),
  ]);
  return blocks.join('\n\n');
}

export function resultTables(
  comparison: Comparison,
  cores: number | undefined,
  validation: Validation | undefined,
): readonly TextTable[] {
  return [
    throughputTable(comparison, cores, validation),
    costTable(comparison, cores),
    differenceTable(comparison, ['throughput_ops_s', 'dedicated_bound_ops_s']),
    lossTable(comparison, cores),
  ].filter((table) => table.rows.length > 0);
}

/** One row of the tables: a series at one f, at its peak of throughput. */
interface Entry extends SeriesAtFaults {
  readonly series: Series;
  /** Undefined if no row is valid: then nothing but the verdicts is told. */
  readonly point: Point | undefined;
}

function entriesOf({ series }: Comparison): readonly Entry[] {
  return series.flatMap((one) =>
    one.faults.map((atFaults) => ({ ...atFaults, series: one, point: peak(atFaults.points, 'throughput_ops_s') })),
  );
}

function throughputTable(
  comparison: Comparison,
  cores: number | undefined,
  validation: Validation | undefined,
): TextTable {
  const entries = entriesOf(comparison);
  return {
    title: `Throughput and latency, ${whereMeasured(comparison.setting, cores)}, ${atLoad(comparison, 'the')}`,
    columns: [
      left('protocol'),
      right('f'),
      right('n'),
      right('clients'),
      right('ops/s, median [min..max]'),
      right('change'),
      right('p50 ms'),
      right('p99 ms'),
      right('valid runs'),
    ],
    rows: entries.map((entry) => [
      entry.series.label,
      `${entry.faults}`,
      shown(entry.points[0]?.parameters.n),
      clientsText(entry.point),
      rangeText(entry.point),
      changeText(entry, 'throughput_ops_s'),
      shown(milliseconds(entry.point, 'latency_p50_us')),
      shown(milliseconds(entry.point, 'latency_p99_us')),
      runsText(entry),
    ]),
    notes: [
      'change: against the lowest f of the same protocol. Latency is from invocation to accepted result, at this load.',
      ...simulationNotes(comparison, validation),
      ...refusals(entries),
      ...unknowns(entries, ['throughput_ops_s', 'latency_p50_us', 'latency_p99_us']),
      ...warnings(entries),
    ],
  };
}

/** A simulation that charges nothing for computing orders protocols by their delays alone. */
function simulationNotes({ setting, series }: Comparison, validation: Validation | undefined): readonly string[] {
  if (!isSimulated(setting)) return [];
  if (validation !== undefined) return [`predicted: ${errorNote(validation)}`];
  const points = series.flatMap(({ faults }) => faults.flatMap((atFaults) => atFaults.points));
  if (points.some((point) => summaryOf(point, 'cpu_us_per_op_total') !== undefined)) return [];
  return [
    'simulated without cost of computing: these throughputs follow from network delays alone and predict no real one.',
  ];
}

function costTable(comparison: Comparison, cores: number | undefined): TextTable {
  const entries = entriesOf(comparison).filter(({ point }) => point !== undefined);
  return {
    title: `Cost per operation, and the bound on dedicated machines that it implies (${whereImplied(comparison.setting, cores)})`,
    columns: [
      left('protocol'),
      right('f'),
      right('CPU µs busiest'),
      right('total'),
      right('bound ops/s'),
      right('change'),
      right('batch'),
      right('MACs busiest'),
      right('closed form'),
      right('published'),
      right('messages'),
      right('closed form'),
    ],
    rows: entries.map((entry) => [
      entry.series.label,
      `${entry.faults}`,
      ...medians(entry.point, ['cpu_us_per_op_busiest', 'cpu_us_per_op_total']),
      ...medians(peak(entry.points, 'dedicated_bound_ops_s'), ['dedicated_bound_ops_s']),
      changeText(entry, 'dedicated_bound_ops_s'),
      ...medians(entry.point, [
        'batch_mean',
        'macs_per_handled_op_busiest',
        'macs_per_handled_op_model',
        'macs_per_op_published',
        'messages_per_op',
        'messages_per_op_model',
      ]),
    ]),
    notes: [
      `bound: 1e6 / CPU µs at the busiest replica, ${atLoad(comparison, 'the')}; computed, never measured as a throughput.`,
      'MACs: at the busiest replica for each request that it carried out; closed form: for the batch size that was measured.',
      ...unknowns(entries, [
        'cpu_us_per_op_busiest',
        'cpu_us_per_op_total',
        'dedicated_bound_ops_s',
        'batch_mean',
        'macs_per_handled_op_busiest',
        'macs_per_handled_op_model',
        'macs_per_op_published',
        'messages_per_op',
        'messages_per_op_model',
      ]),
    ],
  };
}

const metricNames: Readonly<Record<Difference['metric'], string>> = {
  throughput_ops_s: 'throughput ops/s',
  dedicated_bound_ops_s: 'dedicated bound ops/s',
  latency_p50_us: 'median latency µs',
};

export function differenceTable(comparison: Comparison, metrics: readonly Difference['metric'][]): TextTable {
  const differences = differencesOf(comparison).filter(({ metric }) => metrics.includes(metric));
  const undecided = [...new Set(differences.map(({ reason }) => reason).filter((reason) => reason !== ''))];
  return {
    title: `Differences at equal f, each protocol ${atLoad(comparison, 'its')}`,
    columns: [left('metric'), right('f'), left('of'), left('to'), right('ratio'), right('difference'), left('verdict')],
    rows: differences.map(({ metric, faults, left: one, right: other, ratio, absolute, verdict }) => [
      metricNames[metric],
      `${faults}`,
      one,
      other,
      `${shown(ratio.estimate)}${intervalText(ratio.interval)}`,
      `${absolute.estimate > 0 ? '+' : ''}${shown(absolute.estimate)}${intervalText(absolute.interval)}`,
      verdict,
    ]),
    notes: [
      `ratio and difference: median over all pairs of runs [at least 95 % interval, rank-sum test, from ${LEAST_RUNS_FOR_INTERVAL} runs a side].`,
      ...undecided.map((reason) => `~ not told apart: ${reason}`),
    ],
  };
}

function lossTable(comparison: Comparison, cores: number | undefined): TextTable {
  const losses = lossesOf(comparison);
  const anyPublished = losses.some(({ published }) => published !== undefined);
  return {
    title: 'Change of throughput from the lowest to the highest f',
    columns: [
      left('protocol'),
      right('f'),
      right(whereMeasured(comparison.setting, cores)),
      right('dedicated bound'),
      ...(anyPublished ? [right('SOSP 2005')] : []),
    ],
    rows: losses.map(({ series, lowest, highest, throughput, dedicated, published }) => [
      series.label,
      `${lowest} → ${highest}`,
      `${change(throughput?.ratio)}${changeInterval(throughput?.interval)}`,
      `${change(dedicated?.ratio)}${changeInterval(dedicated?.interval)}`,
      ...(anyPublished ? [change(published)] : []),
    ]),
    notes: [
      anyPublished
        ? 'SOSP 2005: Abd-El-Malek et al., a machine for every replica, optimistic counter-like operations; PBFT there is the Castro–Liskov library.'
        : `The paper's -36 % (Q/U) and -83 % (BFT library) are for b = ${publishedLoss.lowest} → ${publishedLoss.highest}: measure --faults ${publishedLoss.lowest}..${publishedLoss.highest} to see them beside these.`,
      ...losses
        .filter(({ throughput }) => throughput === undefined)
        .map(
          ({ series, lowest, highest }) =>
            `${series.label}: - because f = ${lowest} or f = ${highest} has no valid run`,
        ),
    ],
  };
}

function changeText({ series, faults }: Entry, metric: Metric): string {
  const lowest = series.faults[0]?.faults ?? faults;
  const ratio = ratioBetween(series, metric, lowest, faults)?.ratio;
  return ratio !== undefined && faults === lowest ? 'base' : change(ratio);
}

function medians(point: Point | undefined, names: readonly SummarisedColumn[]): readonly string[] {
  return names.map((name) => shown(median(point, name), 4));
}

function median(point: Point | undefined, name: SummarisedColumn): number | undefined {
  return point === undefined ? undefined : summaryOf(point, name)?.median;
}

function milliseconds(point: Point | undefined, name: SummarisedColumn): number | undefined {
  const us = median(point, name);
  return us === undefined ? undefined : us / 1_000;
}

function rangeText(point: Point | undefined): string {
  const summary = point === undefined ? undefined : summaryOf(point, 'throughput_ops_s');
  return summary === undefined ? UNKNOWN : `${shown(summary.median)} [${shown(summary.min)}..${shown(summary.max)}]`;
}

function clientsText(point: Point | undefined): string {
  if (point === undefined) return UNKNOWN;
  const { clients, outstanding } = point.parameters;
  return outstanding === 1 ? shown(clients) : `${shown(clients)}×${shown(outstanding)}`;
}

/** Over all client counts at this f: a row that is not valid is never out of sight. */
function runsText({ points }: Entry): string {
  const valid = points.reduce((sum, point) => sum + point.validRows.length, 0);
  const all = points.reduce((sum, point) => sum + point.validRows.length + point.invalid + point.unknown, 0);
  return `${valid} of ${all}`;
}

/** A line for each point with rows that are not valid, and one for each reason. */
function refusals(entries: readonly Entry[]): readonly string[] {
  return entries.flatMap(({ series, points }) =>
    points
      .filter(({ invalid, unknown }) => invalid + unknown > 0)
      .flatMap(({ parameters, invalid, unknown, validRows, reasons }) => {
        const counts = [`${invalid} invalid`, `${unknown} unknown`].filter((text) => !text.startsWith('0 ')).join(', ');
        const none = validRows.length === 0 ? ', none valid' : '';
        const head = `${series.label}, f = ${parameters.f}, ${parameters.clients} clients: ${counts}${none}`;
        return reasons.map((reason, index) => (index === 0 ? `${head}: ${reason}` : `and: ${reason}`));
      }),
  );
}

function warnings(entries: readonly Entry[]): readonly string[] {
  return entries.flatMap(({ series, faults, point }) =>
    (point?.warnings ?? []).map((warning) => `${series.label}, f = ${faults}: ${warning}`),
  );
}

/** One line for all columns that show a `-` for the same entries and the same reason. */
function unknowns(entries: readonly Entry[], names: readonly SummarisedColumn[]): readonly string[] {
  const lines = new Map<string, SummarisedColumn[]>();
  const known = entries.filter(({ point }) => point !== undefined);
  for (const name of names) {
    const missing = known.filter(
      ({ point, points }) => median(name === 'dedicated_bound_ops_s' ? peak(points, name) : point, name) === undefined,
    );
    if (missing.length === 0) continue;
    const each = missing.map(({ series, faults }) => `${series.label} f = ${faults}`).join(', ');
    const whom = missing.length === known.length ? 'any of these' : each;
    const line = `${name.endsWith('_model') || name.endsWith('_published') ? 'no closed form applies to' : 'not recorded for'} ${whom}`;
    lines.set(line, [...(lines.get(line) ?? []), name]);
  }
  return [...lines].map(([line, columnNames]) => `- ${columnNames.join(', ')}: ${line}`);
}

function intervalText(interval: { readonly low: number; readonly high: number } | undefined): string {
  return interval === undefined ? '' : ` [${shown(interval.low)}..${shown(interval.high)}]`;
}

function left(head: string) {
  return { head, align: 'left' } as const;
}

function right(head: string) {
  return { head, align: 'right' } as const;
}
