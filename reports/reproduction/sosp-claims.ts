import { publishedLoss } from '../claim.ts';
import { shown } from '../numbers.ts';
import type { Claim, NumberClaim, OrderFinding } from './claim.ts';
import { best, combined, type Evidence, type Finding, type Selection } from './evidence.ts';

/** Abd-El-Malek et al., Fault-Scalable Byzantine Fault-Tolerant Services, SOSP 2005. */
const ABSTRACT = 'SOSP 2005, abstract';
const EXPERIMENTS = 'SOSP 2005';

const qu: Selection = { suite: 'papers-sosp-qu', protocol: 'qu', queryShare: 0 };
const batches: Selection = { suite: 'papers-sosp-bft', protocol: 'pbft', variant: 'batches', queryShare: 0 };
const batchOne: Selection = { ...batches, variant: 'batch 1' };
/** Change of throughput from the lowest to the highest f, each at its best client count. */
export function lossOf(evidence: Evidence, selection: Selection): Finding {
  const { lowest, highest } = publishedLoss;
  return combined(
    best(evidence, { ...selection, faults: highest }, 'throughput_ops_s'),
    best(evidence, { ...selection, faults: lowest }, 'throughput_ops_s'),
    (high, low) => high / low - 1,
  );
}

function isAheadEverywhere(evidence: Evidence, one: Selection, other: Selection): OrderFinding {
  const texts: string[] = [];
  let holds = true;
  for (let faults = publishedLoss.lowest; faults <= publishedLoss.highest; faults++) {
    const [left, right] = [one, other].map((selection) => best(evidence, { ...selection, faults }, 'throughput_ops_s'));
    if (left === undefined || right === undefined) continue;
    if ('missing' in left) return left;
    if ('missing' in right) return right;
    holds &&= left.value > right.value;
    texts.push(`×${shown(left.value / right.value, 2)}`);
  }
  return { holds, numbers: texts.join(' ') };
}

/** Numbers that are closer than this are not in any order: simulated ones are not known better. */
const LEAST_MARGIN = 1.05;

/** Whether the first number is clearly above the second. */
export function isAbove(one: Finding, other: Finding, unit: string, scale = 1): OrderFinding {
  if ('missing' in one) return one;
  if ('missing' in other) return other;
  return {
    holds: one.value > LEAST_MARGIN * other.value,
    numbers: `${shown(one.value * scale)} and ${shown(other.value * scale)} ${unit}`.trimEnd(),
  };
}

const BATCHES =
  "the library's batches: up to 64 requests, one batch in flight; whether it made them in this experiment, and used IP multicast, is not known";
const POINTS = 0.05;
const loss = (protocol: string) => (publishedLoss.ratios.get(protocol) ?? Number.NaN) - 1;

function unicast(selection: Selection): Selection {
  return { ...selection, suite: 'papers-sosp-bft-unicast' };
}

function bftLossClaim(id: string, selection: Selection, how: string): NumberClaim {
  return {
    kind: 'number',
    id: `sosp-loss-bft-${id}`,
    source: ABSTRACT,
    known: 'read',
    what: `the BFT library's throughput, f = 1 → 5, ${how}`,
    unit: 'change',
    published: loss('pbft'),
    tolerance: POINTS,
    suite: selection.suite,
    ours: (evidence) => lossOf(evidence, selection),
    note: BATCHES,
  };
}

export const sospClaims: readonly Claim[] = [
  {
    kind: 'number',
    id: 'sosp-loss-qu',
    source: ABSTRACT,
    known: 'read',
    what: "Q/U's throughput, b = 1 → 5, a machine a replica",
    unit: 'change',
    published: loss('qu'),
    tolerance: POINTS,
    suite: qu.suite,
    ours: (evidence) => lossOf(evidence, qu),
    note: 'how it moves with the cost of messages: see the sensitivity',
  },
  bftLossClaim('batches', batches, 'with its batches'),
  bftLossClaim('batch-1', batchOne, 'without batches'),
  bftLossClaim('batches-unicast', unicast(batches), 'with its batches, no IP multicast'),
  bftLossClaim('batch-1-unicast', unicast(batchOne), 'without batches, no IP multicast'),
  {
    kind: 'order',
    id: 'sosp-ahead-of-batches',
    source: ABSTRACT,
    known: 'read',
    what: 'throughput of Q/U over that of the library with batches, b = 1..5',
    published: 'above 1',
    suite: qu.suite,
    ours: (evidence) => isAheadEverywhere(evidence, qu, batches),
    note: BATCHES,
  },
  {
    kind: 'order',
    id: 'sosp-ahead-of-batch-1',
    source: ABSTRACT,
    known: 'read',
    what: 'throughput of Q/U over that of the library without batches, b = 1..5',
    published: 'above 1',
    suite: qu.suite,
    ours: (evidence) => isAheadEverywhere(evidence, qu, batchOne),
    note: BATCHES,
  },
  {
    kind: 'order',
    id: 'sosp-fetch-above-increment',
    source: EXPERIMENTS,
    known: 'recalled',
    what: "Q/U's throughput of fetches against increments, b = 1",
    published: 'higher',
    suite: qu.suite,
    ours: (evidence) =>
      isAbove(
        best(evidence, { ...qu, faults: 1, queryShare: 1 }, 'throughput_ops_s'),
        best(evidence, { ...qu, faults: 1 }, 'throughput_ops_s'),
        'ops/s',
      ),
  },
  {
    kind: 'order',
    id: 'sosp-latency-qu-below-bft',
    source: EXPERIMENTS,
    known: 'recalled',
    what: 'latency of one client, b = 1: the BFT library against Q/U',
    published: 'higher',
    suite: qu.suite,
    ours: (evidence) =>
      isAbove(
        best(evidence, { ...batches, faults: 1, clients: 1 }, 'latency_p50_us'),
        best(evidence, { ...qu, faults: 1, clients: 1 }, 'latency_p50_us'),
        'ms',
        1e-3,
      ),
  },
  {
    kind: 'order',
    id: 'sosp-contention-costs',
    source: EXPERIMENTS,
    known: 'recalled',
    what: 'Q/U, one shared counter: throughput of 1 client against 8',
    published: 'higher',
    suite: 'papers-sosp-contention',
    ours: (evidence) => isAbove(contended(evidence, '', 1), contended(evidence, '', 8), 'ops/s'),
  },
  {
    kind: 'order',
    id: 'sosp-inline-repair-helps',
    source: EXPERIMENTS,
    known: 'recalled',
    what: 'Q/U, one shared counter, 4 clients: with inline repair against without',
    published: 'higher',
    suite: 'papers-sosp-contention',
    ours: (evidence) => isAbove(contended(evidence, '', 4), contended(evidence, 'no inline repair', 4), 'ops/s'),
  },
  {
    kind: 'open',
    id: 'sosp-nfs',
    source: EXPERIMENTS,
    known: 'recalled',
    what: 'metadata service under PostMark, b = 1..5',
    published: 'shapes only',
    reason: 'no figures are known to us; suite nfs-postmark measures it',
  },
];

function contended(evidence: Evidence, variant: string, clients: number): Finding {
  return best(evidence, { suite: 'papers-sosp-contention', protocol: 'qu', variant, clients }, 'throughput_ops_s');
}
