import { loadCostProfile } from '../../harness/costs/shipped-profiles.ts';
import { UsageError } from '../../harness/suites/problem.ts';
import { publishedLoss } from '../claim.ts';
import type { TableColumn } from '../csv.ts';
import { change, shown } from '../numbers.ts';
import type { TextTable } from '../text-table.ts';
import { atPeak, type Evidence, type Selection } from './evidence.ts';
import { lossOf } from './sosp-claims.ts';

/**
 * How the SOSP paper's two losses move with c/m, the fixed cost of a request at the busiest replica over that of a MAC: by closed form, and
 * simulated with messages of a quarter to four times the cost that the profile has.
 */
export interface SensitivityPoint {
  readonly series: 'Q/U' | 'PBFT batch 1' | 'PBFT batches';
  /** Factor of the cost of messages; undefined for closed forms without a simulation. */
  readonly transports: number | undefined;
  readonly costs: string;
  /** At f = 1. */
  readonly fixedUs: number | undefined;
  readonly macUs: number | undefined;
  readonly ratio: number;
  /** Changes of throughput from f = 1 to 5. */
  readonly simulated: number | undefined;
  readonly closedForm: number | undefined;
  readonly published: number;
}

const FACTORS = [
  ['-quarter', 0.25],
  ['-half', 0.5],
  ['', 1],
  ['-double', 2],
  ['-fourfold', 4],
] as const;

/** Ratios at which the closed forms are told. */
const RATIOS = [0, 1, 2, 5, 10, 20, 42, 100, 200];

/** What tags are made over here: headers and digests. */
const TAGGED_BYTES = 64;

interface Kind {
  readonly series: SensitivityPoint['series'];
  readonly protocol: 'qu' | 'pbft';
  readonly variant: string;
  readonly suite: string;
  /** Throughput from f = 1 to 5 as a change, at a ratio c/m. */
  readonly closedForm?: (ratio: number) => number;
}

const kinds: readonly Kind[] = [
  { series: 'Q/U', protocol: 'qu', variant: '', suite: 'papers-sosp-qu', closedForm: quLoss },
  { series: 'PBFT batch 1', protocol: 'pbft', variant: 'batch 1', suite: 'papers-sosp-bft', closedForm: pbftLoss },
  // Batches differ in size with f, so no closed form holds for both ends.
  { series: 'PBFT batches', protocol: 'pbft', variant: 'batches', suite: 'papers-sosp-bft' },
];

export function sensitivityOf(evidence: Evidence): readonly SensitivityPoint[] {
  return kinds.flatMap((kind) => [
    ...FACTORS.flatMap(([suffix, factor]) => simulatedPoint(evidence, kind, suffix, factor)),
    ...RATIOS.flatMap((ratio) => closedFormPoint(kind, ratio)),
  ]);
}

/** A server spends c + m(2 + 8b) on a request, and sees 4b + 1 of 5b + 1 of them. */
function quLoss(ratio: number): number {
  return lossBetween((faults) => quShare(faults) * (ratio + quMacs(faults)));
}

function quShare(faults: number): number {
  return (4 * faults + 1) / (5 * faults + 1);
}

function quMacs(faults: number): number {
  return 2 + 8 * faults;
}

/** The ratio c/m at which Q/U's closed form gives a change: where the two ends' costs have that ratio. */
export function quRatioAt(change: number): number {
  const [low, high] = [publishedLoss.lowest, publishedLoss.highest];
  const kept = 1 + change;
  return (kept * quShare(high) * quMacs(high) - quShare(low) * quMacs(low)) / (quShare(low) - kept * quShare(high));
}

/**
 * Q/U's peak at f = 1 on machines much like those of the SOSP paper, whose loss it does not know: Clement, Wong, Alvisi, Dahlin, Marchetti, "Making
 * Byzantine Fault Tolerant Systems Tolerate Byzantine Faults", NSDI 2009, Table 1 (recalled), in requests/s.
 */
const AARDVARK_QU_PEAK = 23_850;

/** The ratio c/m that leaves a peak at f = 1. */
export function quRatioOfPeak(peakOpsS: number, macUs: number): number {
  const faults = publishedLoss.lowest;
  const requestUs = 1e6 / (quShare(faults) * peakOpsS);
  return requestUs / macUs - quMacs(faults);
}

/**
 * Without batches the primary handles a request and a reply, which are the fixed cost c; PRE-PREPARE and COMMIT, each written once by multicast, and 6f
 * messages of the backups, each of which costs half of c; and 2 + 10f MACs (`baselines/pbft/cost-model.ts`).
 */
function pbftLoss(ratio: number): number {
  return lossBetween((faults) => (ratio / 2) * messagesAtPrimary(faults) + 2 + 10 * faults);
}

function messagesAtPrimary(faults: number): number {
  return 2 + 2 + 6 * faults;
}

function lossBetween(cost: (faults: number) => number): number {
  return cost(publishedLoss.lowest) / cost(publishedLoss.highest) - 1;
}

function closedFormPoint({ series, protocol, closedForm }: Kind, ratio: number): readonly SensitivityPoint[] {
  if (closedForm === undefined) return [];
  const unknown = { transports: undefined, costs: '', fixedUs: undefined, macUs: undefined, simulated: undefined };
  return [{ series, ...unknown, ratio, closedForm: closedForm(ratio), published: publishedOf(protocol) }];
}

function simulatedPoint(
  evidence: Evidence,
  { series, protocol, variant, suite: stem, closedForm }: Kind,
  suffix: string,
  transports: number,
): readonly SensitivityPoint[] {
  const suite = `${stem}${suffix}`;
  const selection: Selection = { suite, protocol, variant, queryShare: 0 };
  const loss = lossOf(evidence, selection);
  const costs = evidence.get(suite)?.costs;
  const mac = evidence.get(suite)?.points[0]?.parameters.mac;
  if ('missing' in loss || costs === undefined || mac === undefined) return [];
  const macUs = macCost(costs, mac);
  const fixedUs = macUs === undefined ? undefined : fixedCost(evidence, selection, protocol, macUs);
  if (macUs === undefined || fixedUs === undefined) return [];
  const ratio = fixedUs / macUs;
  return [
    {
      series,
      transports,
      costs,
      fixedUs,
      macUs,
      ratio,
      simulated: loss.value,
      closedForm: closedForm?.(ratio),
      published: publishedOf(protocol),
    },
  ];
}

function publishedOf(protocol: string): number {
  return (publishedLoss.ratios.get(protocol) ?? Number.NaN) - 1;
}

/** One tag over what is tagged here; undefined if the profile is not at hand. */
function macCost(costs: string, mac: string): number | undefined {
  try {
    const generate = loadCostProfile(costs).macs[mac]?.generate;
    return generate === undefined ? undefined : generate.us + (generate.usPerKilobyte * TAGGED_BYTES) / 1_024;
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

/**
 * c at f = 1 from the simulated CPU time of a request at the busiest replica: what is left without its MACs; of PBFT, without the messages of
 * agreement, each of which costs as much as a request or a reply.
 */
function fixedCost(evidence: Evidence, selection: Selection, protocol: string, macUs: number): number | undefined {
  const at = { ...selection, faults: publishedLoss.lowest };
  const values = (
    ['cpu_us_per_op_busiest', 'macs_per_op_busiest', 'macs_per_handled_op_busiest', 'batch_mean'] as const
  ).map((column) => atPeak(evidence, at, column));
  const [cpu, macs, macsHandled, batch] = values.map((finding) => ('missing' in finding ? undefined : finding.value));
  if (cpu === undefined || macs === undefined || macsHandled === undefined || batch === undefined) return undefined;
  const handled = cpu * (macsHandled / macs) - macsHandled * macUs;
  return protocol === 'pbft' ? (2 * handled) / (2 + (messagesAtPrimary(publishedLoss.lowest) - 2) / batch) : handled;
}

export const sensitivityColumns: readonly TableColumn<SensitivityPoint>[] = [
  { name: 'series', type: 'text', description: 'protocol, as in the legend', cell: ({ series }) => series },
  {
    name: 'transports',
    type: 'number',
    description: 'factor of the cost of messages; empty for a closed form alone',
    cell: ({ transports }) => transports,
  },
  {
    name: 'costs',
    type: 'text',
    description: 'cost profile; empty for a closed form alone',
    cell: ({ costs }) => costs,
  },
  {
    name: 'fixed_us',
    type: 'number',
    description:
      'c: µs of a request at the busiest replica at f = 1 without its MACs and without messages of agreement',
    cell: ({ fixedUs }) => fixedUs,
  },
  { name: 'mac_us', type: 'number', description: 'm: µs of a MAC over 64 bytes', cell: ({ macUs }) => macUs },
  { name: 'c_over_m', type: 'number', description: 'c / m', cell: ({ ratio }) => ratio },
  {
    name: 'simulated_change',
    type: 'number',
    description: 'change of the best throughput from f = 1 to 5, simulated',
    cell: ({ simulated }) => simulated,
  },
  {
    name: 'closed_form_change',
    type: 'number',
    description: 'the same by closed form at this c / m; empty where none applies',
    cell: ({ closedForm }) => closedForm,
  },
  { name: 'published_change', type: 'number', description: 'SOSP 2005, abstract', cell: ({ published }) => published },
];

export function sensitivityTable(points: readonly SensitivityPoint[]): TextTable {
  return {
    title: 'How the two losses of SOSP 2005 move with the cost of messages, f = 1 → 5',
    columns: [
      { head: 'protocol', align: 'left' },
      { head: 'cost of messages', align: 'right' },
      { head: 'c µs', align: 'right' },
      { head: 'm µs', align: 'right' },
      { head: 'c/m', align: 'right' },
      { head: 'simulated', align: 'right' },
      { head: 'closed form', align: 'right' },
      { head: 'published', align: 'right' },
    ],
    rows: points
      .filter(({ transports }) => transports !== undefined)
      .map(({ series, transports, fixedUs, macUs, ratio, simulated, closedForm, published }) => [
        series,
        `×${transports}`,
        shown(fixedUs),
        shown(macUs),
        shown(ratio),
        change(simulated === undefined ? undefined : 1 + simulated),
        change(closedForm === undefined ? undefined : 1 + closedForm),
        change(1 + published),
      ]),
    notes: [
      'c: CPU time of a request at the busiest replica at f = 1 without its MACs (of PBFT, without messages of agreement); m: a MAC over 64 bytes. Neither was set by the published losses.',
      'closed form: Q/U c + m(2+8b), seen by (4b+1)/(5b+1) of the replicas; PBFT without batches, with multicast, c(2+3f) + m(2+10f). Messages of Q/U grow with b, which it leaves out.',
      `By the closed form Q/U's published loss needs c/m = ${shown(quRatioAt(publishedOf('qu')), 2)}.`,
      ...notesOfPeak(points),
      'sensitivity.csv and the figure have the closed forms from c/m = 0 to 200.',
    ],
  };
}

/** What a figure that was published for something else says of c: a check, from which no profile is made. */
function notesOfPeak(points: readonly SensitivityPoint[]): readonly string[] {
  const macUs = points.find(({ series, transports }) => series === 'Q/U' && transports === 1)?.macUs;
  if (macUs === undefined) return [];
  const ratio = quRatioOfPeak(AARDVARK_QU_PEAK, macUs);
  if (ratio < 0) return [];
  return [
    `A check from elsewhere: a peak of ${AARDVARK_QU_PEAK.toLocaleString('en')} requests/s at f = 1 (Clement et al., NSDI 2009, Table 1; recalled) leaves c/m = ${shown(ratio, 2)} with this m, and by the closed form ${change(1 + quLoss(ratio))}.`,
  ];
}
