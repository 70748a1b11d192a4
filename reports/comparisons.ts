import { compareText, type Metric, type Point, summaryOf } from './points.ts';

/** What curves must share to stand in one figure: all parameters but the protocol, its options, f and the load's strength. */
export const settingParameters = [
  'suite',
  'runtime',
  'topology',
  'service',
  'service_options',
  'mac',
  'load',
  'objects',
  'query_share',
] as const;

export type Setting = Pick<Point['parameters'], (typeof settingParameters)[number]>;

/** One protocol with one set of options, over f. */
export interface Series {
  readonly protocol: string;
  readonly variant: string;
  readonly label: string;
  readonly faults: readonly SeriesAtFaults[];
}

export interface SeriesAtFaults {
  readonly faults: number;
  /** The points at this f, one for each strength of load. */
  readonly points: readonly Point[];
}

/** Series that may be compared with each other. */
export interface Comparison {
  readonly setting: Setting;
  /** What tells this setting from the directory's others, for file names: empty if there is one only. */
  readonly suffix: string;
  readonly series: readonly Series[];
}

/**
 * At which strength of load a comparison's numbers stand, for titles: there is a best client count only where several were tried.
 * `whose` goes before it: `the` or `its`.
 */
export function atLoad({ series }: Pick<Comparison, 'series'>, whose: 'the' | 'its'): string {
  const points = series.flatMap(({ faults }) => faults.flatMap((atFaults) => atFaults.points));
  const loads = new Set(points.map(({ parameters }) => `${parameters.clients}×${parameters.outstanding}`));
  const only = points[0]?.parameters;
  if (loads.size !== 1 || only === undefined) return `at ${whose} best client count`;
  const clients = `at ${only.clients} client${only.clients === 1 ? '' : 's'}`;
  return only.outstanding === 1 ? clients : `${clients}, ${only.outstanding} operations outstanding each`;
}

/** Whether more or less of a metric is better. */
const best: Readonly<Record<Metric, 'highest' | 'lowest'>> = {
  throughput_ops_s: 'highest',
  latency_p50_us: 'lowest',
  latency_p99_us: 'lowest',
  cpu_us_per_op_busiest: 'lowest',
  cpu_us_per_op_total: 'lowest',
  dedicated_bound_ops_s: 'highest',
  macs_per_op_busiest: 'lowest',
  macs_per_handled_op_busiest: 'lowest',
  macs_per_op_total: 'lowest',
  messages_per_op: 'lowest',
  messages_per_handled_op_busiest: 'lowest',
};

/**
 * The peak rule (METHOD §1, rule 5): of the points that differ in the strength of the load only, the one with the best median.
 * Undefined if no point has a valid row that knows the metric.
 */
export function peak(points: readonly Point[], metric: Metric): Point | undefined {
  let chosen: { readonly point: Point; readonly median: number } | undefined;
  for (const point of points) {
    const median = summaryOf(point, metric)?.median;
    if (median === undefined) continue;
    const better =
      chosen === undefined || (best[metric] === 'highest' ? median > chosen.median : median < chosen.median);
    if (better) chosen = { point, median };
  }
  return chosen?.point;
}

export function comparisonsOf(points: readonly Point[]): readonly Comparison[] {
  const groups = groupBy(points, (point) =>
    JSON.stringify(settingParameters.map((name) => point.parameters[name] ?? null)),
  );
  const settings = [...groups.values()].map((group) => ({ setting: settingOf(group[0]), group }));
  const varying = settingParameters.filter((name) => new Set(settings.map(({ setting }) => setting[name])).size > 1);
  return settings.map(({ setting, group }) => ({
    setting,
    suffix: varying.map((name) => suffixOf(name, setting[name])).join(''),
    series: seriesOf(group),
  }));
}

function seriesOf(points: readonly Point[]): readonly Series[] {
  const groups = groupBy(points, ({ parameters }) => JSON.stringify([parameters.protocol, parameters.variant]));
  const series = [...groups.values()].map((group) => {
    const { protocol, variant } = group[0].parameters;
    const byFaults = groupBy(group, (point) => `${point.parameters.f}`);
    const faults = [...byFaults.values()].map((atFaults) => ({
      faults: atFaults[0].parameters.f ?? 0,
      points: atFaults,
    }));
    return {
      protocol,
      variant,
      label: labelOf({ protocol, variant }),
      faults: faults.sort((a, b) => a.faults - b.faults),
    };
  });
  return series.sort(seriesOrder);
}

type SeriesName = Pick<Series, 'protocol' | 'variant'>;

/** The order of curves and of rows in tables. */
export function seriesOrder(a: SeriesName, b: SeriesName): number {
  return place(a) - place(b) || compareText(a.protocol, b.protocol) || compareText(a.variant, b.variant);
}

/** How the literature writes a protocol's name, where that differs from ours. */
const displayNames: ReadonlyMap<string, string> = new Map([
  ['qu', 'Q/U'],
  ['pbft', 'PBFT'],
  ['rcw', 'R/CW'],
]);

/** The subject first, then what it is most often read against, then the rest by name. */
function place({ protocol }: { readonly protocol: string }): number {
  const index = [...displayNames.keys()].indexOf(protocol);
  return index === -1 ? displayNames.size : index;
}

/** What tables and legends call a protocol with a set of options. */
export function labelOf({ protocol, variant }: SeriesName): string {
  const name = displayNames.get(protocol) ?? protocol;
  return variant === '' ? name : `${name} ${variant}`;
}

function settingOf({ parameters }: Point): Setting {
  const { suite, runtime, topology, service, service_options, mac, load, objects, query_share } = parameters;
  return { suite, runtime, topology, service, service_options, mac, load, objects, query_share };
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): ReadonlyMap<string, [Item, ...Item[]]> {
  const groups = new Map<string, [Item, ...Item[]]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

function suffixOf(name: string, value: string | number | undefined): string {
  return typeof value === 'string' ? `-${slug(value)}` : `-${slug(`${name} ${value ?? ''}`)}`;
}

function slug(text: string): string {
  return text.replace(/[^A-Za-z0-9.]+/g, '-').replace(/^-+|-+$/g, '') || 'default';
}
