import type { TableColumn } from '../csv.ts';
import { change, shown, UNKNOWN } from '../numbers.ts';
import type { TextTable } from '../text-table.ts';
import { isSimulated, whereMeasured } from '../where.ts';
import type { Claim, NumberClaim, Unit } from './claim.ts';
import type { Evidence } from './evidence.ts';

/** `input`: the profile was made from it. `open`: cannot be shown here. */
type Agreement = 'yes' | 'no' | 'input' | 'open' | 'unknown';

/** A claim with what came out here. */
export interface Reproduction {
  readonly claim: Claim;
  readonly ours: number | undefined;
  /** Ours as people read it. */
  readonly oursText: string;
  /** Ours less what was published, in the claim's unit. */
  readonly difference: number | undefined;
  readonly agrees: Agreement;
  /** Real or simulated, and where. */
  readonly where: string;
  readonly costs: string;
  /** Why there is no number, or what is to be known beside it. */
  readonly remark: string;
}

/** A number agrees if it is within this part of what was published; of a change, of the ratio behind it. */
const TOLERANCE = 0.2;

export function reproduce(claims: readonly Claim[], evidence: Evidence): readonly Reproduction[] {
  return claims.map((claim) => {
    const nothing = { ours: undefined, oursText: UNKNOWN, difference: undefined, where: '', costs: '' };
    if (claim.kind === 'open') return { claim, ...nothing, agrees: 'open', remark: claim.reason };
    const ours = claim.ours(evidence);
    const remark = claim.note ?? '';
    const where = placeOf(evidence, claim.suite);
    if ('missing' in ours) return { claim, ...nothing, ...where, agrees: 'unknown', remark: ours.missing };
    if (claim.kind === 'order') {
      if (!('holds' in ours)) throw new TypeError(`${claim.id}: an order holds or does not`);
      return { claim, ...nothing, ...where, oursText: ours.numbers, agrees: ours.holds ? 'yes' : 'no', remark };
    }
    if (!('value' in ours)) throw new TypeError(`${claim.id}: a number has a value`);
    return {
      claim,
      ours: ours.value,
      oursText: valueText(ours.value, claim.unit),
      difference: ours.value - claim.published,
      agrees: agreement(claim, ours.value),
      ...where,
      remark,
    };
  });
}

function placeOf(evidence: Evidence, suite: string): { readonly where: string; readonly costs: string } {
  const found = evidence.get(suite);
  const setting = found?.points[0]?.parameters;
  if (found === undefined || setting === undefined) return { where: '', costs: '' };
  return { where: whereMeasured(setting, undefined), costs: isSimulated(setting) ? (found.costs ?? '') : '' };
}

function agreement({ published, unit, tolerance, isInput }: NumberClaim, ours: number): Agreement {
  if (isInput === true) return 'input';
  if (tolerance !== undefined) return Math.abs(ours - published) <= tolerance ? 'yes' : 'no';
  const ratio = unit === 'change' ? (1 + ours) / (1 + published) : ours / published;
  return Math.abs(ratio - 1) <= TOLERANCE ? 'yes' : 'no';
}

export const reproductionColumns: readonly TableColumn<Reproduction>[] = [
  { name: 'claim', type: 'text', description: 'short name of the published figure', cell: ({ claim }) => claim.id },
  { name: 'source', type: 'text', description: 'paper and place in it', cell: ({ claim }) => claim.source },
  { name: 'known', type: 'text', description: 'read in the source, or recalled', cell: ({ claim }) => claim.known },
  { name: 'what', type: 'text', description: 'what the paper says it of', cell: ({ claim }) => claim.what },
  {
    name: 'unit',
    type: 'text',
    description: 'of the three numbers; change: of a ratio, -0.36 is -36 %; empty where the figure is no number',
    cell: ({ claim }) => (claim.kind === 'number' ? claim.unit : ''),
  },
  {
    name: 'published',
    type: 'number',
    description: 'the published number; empty where it is none',
    cell: ({ claim }) => (claim.kind === 'number' ? claim.published : undefined),
  },
  {
    name: 'published_text',
    type: 'text',
    description: 'the published figure in words',
    cell: ({ claim }) => publishedText(claim),
  },
  { name: 'ours', type: 'number', description: 'the number here', cell: ({ ours }) => ours },
  { name: 'ours_text', type: 'text', description: 'what came out here, in words', cell: ({ oursText }) => oursText },
  { name: 'difference', type: 'number', description: 'ours less published', cell: ({ difference }) => difference },
  {
    name: 'agrees',
    type: 'text',
    description:
      "yes: within 5 percentage points for the SOSP paper's two losses, else within 20 % of the published value, of a change within 20 % of the ratio behind it; no; input: the profile was made from it; open: cannot be shown here; unknown: not measured",
    cell: ({ agrees }) => agrees,
  },
  { name: 'where', type: 'text', description: 'real or simulated, and where', cell: ({ where }) => where },
  { name: 'costs', type: 'text', description: 'cost profile of simulated numbers', cell: ({ costs }) => costs },
  {
    name: 'suite',
    type: 'text',
    description: 'the part whose rows it comes from',
    cell: ({ claim }) => (claim.kind === 'open' ? '' : claim.suite),
  },
  {
    name: 'remark',
    type: 'text',
    description: 'why there is no number, or what else to know',
    cell: ({ remark }) => remark,
  },
];

export function reproductionTable(reproductions: readonly Reproduction[]): TextTable {
  const counts = new Map<Agreement, number>();
  for (const { agrees } of reproductions) counts.set(agrees, (counts.get(agrees) ?? 0) + 1);
  const count = (agrees: Agreement) => counts.get(agrees) ?? 0;
  const remarks = [...new Set(reproductions.map(({ remark }) => remark).filter((remark) => remark !== ''))];
  const reference = (remark: string) => (remark === '' ? '' : `[${remarks.indexOf(remark) + 1}]`);
  return {
    title: 'What was published, and what comes out here',
    columns: [
      left('source'),
      left('what'),
      right('published'),
      left('known'),
      right('ours'),
      right('difference'),
      left('agrees'),
      left('ours is'),
      left('costs'),
      left(''),
    ],
    rows: reproductions.map(({ claim, oursText, difference, agrees, where, costs, remark }) => [
      claim.source,
      claim.what,
      publishedText(claim),
      claim.known,
      oursText,
      claim.kind === 'number' ? differenceText(difference, claim) : '',
      agrees,
      where,
      costs,
      reference(remark),
    ]),
    notes: [
      `${count('yes')} agree, ${count('no')} do not, ${count('open')} cannot be shown here, ${count('input')} made a profile, ${count('unknown')} were not measured.`,
      "agrees: within 5 percentage points for the SOSP paper's two losses, else within 20 % of the published value, of a change within 20 % of the ratio behind it; an order: if it holds.",
      'known: read in the source, or recalled, which means believed and not read. Throughputs are the best over client counts, latencies medians.',
      ...remarks.map((remark, index) => `[${index + 1}] ${remark}`),
    ],
  };
}

function publishedText(claim: Claim): string {
  return claim.kind === 'number' ? valueText(claim.published, claim.unit) : claim.published;
}

function valueText(value: number, unit: Unit): string {
  if (unit === 'change') return change(1 + value);
  if (unit === 'ratio') return `×${shown(value)}`;
  return `${shown(value, 4)} ${unit}`;
}

function differenceText(difference: number | undefined, { unit, published }: NumberClaim): string {
  if (difference === undefined) return UNKNOWN;
  if (unit !== 'change') return change(1 + difference / published);
  const points = Math.round(100 * difference);
  return `${points > 0 ? '+' : ''}${points} points`;
}

function left(head: string) {
  return { head, align: 'left' } as const;
}

function right(head: string) {
  return { head, align: 'right' } as const;
}
