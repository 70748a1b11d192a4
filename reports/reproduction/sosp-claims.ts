import { publishedLoss } from '../claim.ts';
import { shown } from '../numbers.ts';
import type { Claim, OrderFinding } from './claim.ts';
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
    texts.push(`f = ${faults}: ${shown(left.value)} and ${shown(right.value)}`);
  }
  return { holds, numbers: `ops/s at ${texts.join(', ')}` };
}

/** Whether the first number is above the second. */
export function isAbove(one: Finding, other: Finding, unit: string, scale = 1): OrderFinding {
  if ('missing' in one) return one;
  if ('missing' in other) return other;
  return {
    holds: one.value > other.value,
    numbers: `${shown(one.value * scale)} and ${shown(other.value * scale)} ${unit}`.trimEnd(),
  };
}

const POINTS = 0.05;
const loss = (protocol: string) => (publishedLoss.ratios.get(protocol) ?? Number.NaN) - 1;

export const sospClaims: readonly Claim[] = [
  {
    kind: 'number',
    id: 'sosp-loss-qu',
    source: ABSTRACT,
    known: 'read',
    what: "Q/U's throughput from b = 1 to 5, optimistic counter operations, a machine a replica",
    unit: 'change',
    published: loss('qu'),
    tolerance: POINTS,
    suite: qu.suite,
    ours: (evidence) => lossOf(evidence, qu),
    note: 'how it moves with the cost of messages: see the sensitivity',
  },
  {
    kind: 'number',
    id: 'sosp-loss-bft-batches',
    source: ABSTRACT,
    known: 'read',
    what: "the BFT library's throughput from f = 1 to 5, with the library's batches: up to 64 requests, one batch in flight",
    unit: 'change',
    published: loss('pbft'),
    tolerance: POINTS,
    suite: batches.suite,
    ours: (evidence) => lossOf(evidence, batches),
    note: 'whether the library made batches there is not known',
  },
  {
    kind: 'number',
    id: 'sosp-loss-bft-batch-1',
    source: ABSTRACT,
    known: 'read',
    what: "the BFT library's throughput from f = 1 to 5, one request a batch",
    unit: 'change',
    published: loss('pbft'),
    tolerance: POINTS,
    suite: batchOne.suite,
    ours: (evidence) => lossOf(evidence, batchOne),
    note: 'whether the library made batches there is not known',
  },
  {
    kind: 'order',
    id: 'sosp-ahead-of-batches',
    source: ABSTRACT,
    known: 'read',
    what: 'Q/U against the BFT library with batches, b = 1..5',
    published: 'Q/U ahead at every size',
    suite: qu.suite,
    ours: (evidence) => isAheadEverywhere(evidence, qu, batches),
    note: 'whether the library made batches there is not known',
  },
  {
    kind: 'order',
    id: 'sosp-ahead-of-batch-1',
    source: ABSTRACT,
    known: 'read',
    what: 'Q/U against the BFT library with one request a batch, b = 1..5',
    published: 'Q/U ahead at every size',
    suite: qu.suite,
    ours: (evidence) => isAheadEverywhere(evidence, qu, batchOne),
    note: 'whether the library made batches there is not known',
  },
  {
    kind: 'order',
    id: 'sosp-fetch-above-increment',
    source: EXPERIMENTS,
    known: 'recalled',
    what: "Q/U's counter fetches against its increments, b = 1",
    published: 'fetches reach the higher throughput',
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
    what: 'latency of one client’s increments, b = 1: the BFT library with batches against Q/U',
    published: "Q/U's is lower",
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
    what: 'Q/U: increments of one shared counter by 1 client against 8',
    published: 'contention takes throughput away',
    suite: 'papers-sosp-contention',
    ours: (evidence) => isAbove(contended(evidence, '', 1), contended(evidence, '', 8), 'ops/s'),
  },
  {
    kind: 'order',
    id: 'sosp-inline-repair-helps',
    source: EXPERIMENTS,
    known: 'recalled',
    what: 'Q/U: 4 clients at one shared counter, with inline repair against without',
    published: 'inline repair is the faster',
    suite: 'papers-sosp-contention',
    ours: (evidence) => isAbove(contended(evidence, '', 4), contended(evidence, 'no inline repair', 4), 'ops/s'),
  },
  {
    kind: 'open',
    id: 'sosp-nfs',
    source: EXPERIMENTS,
    known: 'recalled',
    what: 'metadata service under PostMark, transactions/s at b = 1..5',
    published: 'shapes only',
    reason: 'no figures are known to us; suite nfs-postmark measures it',
  },
];

function contended(evidence: Evidence, variant: string, clients: number): Finding {
  return best(evidence, { suite: 'papers-sosp-contention', protocol: 'qu', variant, clients }, 'throughput_ops_s');
}
