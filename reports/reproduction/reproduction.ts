import type { TableColumn } from '../csv.ts';
import { change, shown, UNKNOWN } from '../numbers.ts';
import { type TextTable, terminalText } from '../text-table.ts';
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

/** All that is known of each claim, for a page that is as wide as it needs to be. */
export function reproductionTable(reproductions: readonly Reproduction[]): TextTable {
  return {
    title: TITLE,
    columns: [left('source'), ...columnsOf(), left('ours is'), left('costs'), left('remark')],
    rows: reproductions.map((one) => [one.claim.source, ...cellsOf(one), one.where, one.costs, one.remark]),
    notes: notesOn(reproductions),
  };
}

/** The same for a terminal: a table for each source, and where numbers come from below. */
export function reproductionText(reproductions: readonly Reproduction[]): string {
  const remarks = new References('1');
  const places = new References('a');
  const sources = [...new Set(reproductions.map(({ claim }) => claim.source))];
  const tables = sources.map((source) =>
    terminalText({
      title: source,
      columns: [...columnsOf(), left('')],
      rows: reproductions
        .filter(({ claim }) => claim.source === source)
        .map((one) => [...cellsOf(one), `${places.to(placeText(one))}${remarks.to(one.remark)}`]),
      notes: [],
    }),
  );
  const notes = [...notesOn(reproductions), ...places.list(), ...remarks.list()];
  return [
    `${TITLE}, all of ours simulated unless it says real`,
    ...tables,
    notes.map((note) => `  ${note}`).join('\n'),
  ].join('\n\n');
}

const TITLE = 'What was published, and what comes out here';

/** Texts that are told once, and referred to by number or letter. */
class References {
  readonly #first: string;
  readonly #texts: string[] = [];

  constructor(first: string) {
    this.#first = first;
  }

  to(text: string): string {
    if (text === '') return '';
    if (!this.#texts.includes(text)) this.#texts.push(text);
    return `[${this.#name(this.#texts.indexOf(text))}]`;
  }

  list(): readonly string[] {
    return this.#texts.map((text, index) => `[${this.#name(index)}] ${text}`);
  }

  #name(index: number): string {
    return /[0-9]/.test(this.#first)
      ? `${Number(this.#first) + index}`
      : String.fromCharCode(this.#first.charCodeAt(0) + index);
  }
}

function placeText({ where, costs }: Reproduction): string {
  return costs === '' ? where : `${where}, costs ${costs}`;
}

function columnsOf() {
  return [left('what'), right('published'), left('known'), right('ours'), right('difference'), left('agrees')];
}

function cellsOf({ claim, oursText, difference, agrees }: Reproduction): readonly string[] {
  const differs = claim.kind === 'number' ? differenceText(difference, claim) : '';
  return [claim.what, publishedText(claim), claim.known, oursText, differs, agrees];
}

function notesOn(reproductions: readonly Reproduction[]): readonly string[] {
  const count = (agrees: Agreement) => reproductions.filter((one) => one.agrees === agrees).length;
  return [
    `${count('yes')} agree, ${count('no')} do not, ${count('open')} cannot be shown here, ${count('input')} made a profile, ${count('unknown')} were not measured.`,
    "agrees: within 5 percentage points for the SOSP paper's two losses, else within 20 % of the published value, of a change within 20 % of the ratio behind it; an order: if it holds.",
    'known: read in the source, or recalled, which means believed and not read. Throughputs are the best over client counts, latencies medians.',
  ];
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
