import { peak } from '../comparisons.ts';
import { type Metric, type Point, type SummarisedColumn, summaryOf } from '../points.ts';

/** The points of one suite, and what their times follow from. */
export interface SuiteEvidence {
  readonly points: readonly Point[];
  /** The cost profile of simulated points. */
  readonly costs: string | undefined;
}

/** What was measured, by suite. */
export type Evidence = ReadonlyMap<string, SuiteEvidence>;

/** Which points of a suite are meant; what is not named may be anything. */
export interface Selection {
  readonly suite: string;
  readonly protocol?: string;
  readonly variant?: string;
  readonly faults?: number;
  readonly clients?: number;
  readonly queryShare?: number;
  /** Bytes of argument and result of the null service. */
  readonly bytes?: readonly [requestBytes: number, replyBytes: number];
}

/** A number of this project, or why there is none. */
export type Finding = { readonly value: number } | { readonly missing: string };

/** The best median over client counts. */
export function best(evidence: Evidence, selection: Selection, metric: Metric): Finding {
  const found = select(evidence, selection);
  if ('missing' in found) return found;
  const point = peak(found.points, metric);
  return valueAt(point, metric, selection);
}

/** The median of any column at the peak of throughput. */
export function atPeak(evidence: Evidence, selection: Selection, column: SummarisedColumn): Finding {
  const found = select(evidence, selection);
  if ('missing' in found) return found;
  return valueAt(peak(found.points, 'throughput_ops_s'), column, selection);
}

function valueAt(point: Point | undefined, column: SummarisedColumn, selection: Selection): Finding {
  const value = point === undefined ? undefined : summaryOf(point, column)?.median;
  return value === undefined ? { missing: `no valid row of ${selectionText(selection)} knows ${column}` } : { value };
}

export function select(
  evidence: Evidence,
  selection: Selection,
): { readonly points: readonly Point[] } | { readonly missing: string } {
  const suite = evidence.get(selection.suite);
  if (suite === undefined) return { missing: `suite ${selection.suite} was not run` };
  const points = suite.points.filter((point) => isMeant(point, selection));
  return points.length === 0 ? { missing: `${selectionText(selection)} was not measured` } : { points };
}

function isMeant({ parameters }: Point, { protocol, variant, faults, clients, queryShare, bytes }: Selection): boolean {
  const { requestBytes = 0, replyBytes = 0 } = sizesOf(parameters.service_options);
  return (
    (protocol ?? parameters.protocol) === parameters.protocol &&
    (variant ?? parameters.variant) === parameters.variant &&
    (faults ?? parameters.f) === parameters.f &&
    (clients ?? parameters.clients) === parameters.clients &&
    (queryShare ?? parameters.query_share) === parameters.query_share &&
    (bytes === undefined || (bytes[0] === requestBytes && bytes[1] === replyBytes))
  );
}

interface Sizes {
  readonly requestBytes?: number;
  readonly replyBytes?: number;
}

function sizesOf(options: string): Sizes {
  const parsed: unknown = options === '' ? {} : JSON.parse(options);
  if (typeof parsed !== 'object' || parsed === null) return {};
  const size = (name: string) => {
    const value: unknown = Reflect.get(parsed, name);
    return typeof value === 'number' ? value : undefined;
  };
  const [requestBytes, replyBytes] = [size('requestBytes'), size('replyBytes')];
  return {
    ...(requestBytes === undefined ? {} : { requestBytes }),
    ...(replyBytes === undefined ? {} : { replyBytes }),
  };
}

function selectionText({ suite, protocol, variant, faults, clients, queryShare, bytes }: Selection): string {
  const told = [
    protocol,
    variant === undefined || variant === '' ? undefined : `(${variant})`,
    faults === undefined ? undefined : `f = ${faults}`,
    clients === undefined ? undefined : `${clients} clients`,
    queryShare === undefined ? undefined : `query share ${queryShare}`,
    bytes === undefined ? undefined : bytes.join('/'),
  ];
  return [suite, ...told.filter((text) => text !== undefined)].join(' ');
}

/** A number made of two; the first that is missing says why. */
export function combined(left: Finding, right: Finding, combine: (left: number, right: number) => number): Finding {
  if ('missing' in left) return left;
  return 'missing' in right ? right : { value: combine(left.value, right.value) };
}

export function mapped(finding: Finding, map: (value: number) => number): Finding {
  return 'missing' in finding ? finding : { value: map(finding.value) };
}
