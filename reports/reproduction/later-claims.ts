import { shown } from '../numbers.ts';
import type { Claim, OrderFinding } from './claim.ts';
import { atPeak, best, combined, type Evidence, type Finding, type Selection } from './evidence.ts';
import { isAbove } from './sosp-claims.ts';

const HQ = 'HQ, OSDI 2006, section 5';
const ZYZZYVA = 'Zyzzyva, SOSP 2007';
const AARDVARK = 'Aardvark, NSDI 2009, Table 1';
const FIRE = 'BFT Protocols Under Fire, NSDI 2008';

const MISSING_PROTOCOL = 'is not among the protocols here';

const zyzzyva = (variant: string): Selection => ({ suite: 'papers-zyzzyva', protocol: 'pbft', variant });
const quPeak: Selection = { suite: 'papers-peak-qu', protocol: 'qu' };
const fire = (protocol: string, variant: string, suite = 'papers-fire'): Selection => ({ suite, protocol, variant });
const quOnFire = fire('qu', '');
const batchesOnFire = fire('pbft', 'batches');

/** What is left of a protocol's best throughput when one suite takes the place of another. */
function keptIn(evidence: Evidence, suite: string, selection: Selection): Finding {
  return combined(
    best(evidence, { ...selection, suite }, 'throughput_ops_s'),
    best(evidence, selection, 'throughput_ops_s'),
    (after, before) => after / before,
  );
}

/** Whether agreement keeps more than Q/U does. */
function keepsMore(evidence: Evidence, suite: string, agreement: Selection, qu: Selection): OrderFinding {
  return isAbove(keptIn(evidence, suite, agreement), keptIn(evidence, suite, qu), '% of its throughput', 100);
}

const lossless = (protocol: string): Selection => ({ suite: 'papers-fire-faulty-network', protocol });

export const laterClaims: readonly Claim[] = [
  {
    kind: 'number',
    id: 'hq-messages',
    source: HQ,
    known: 'read',
    what: "messages of an update at Q/U's client, f = 1: 9f + 2",
    unit: 'messages',
    published: 11,
    suite: 'papers-sosp-qu',
    ours: (evidence) =>
      atPeak(evidence, { suite: 'papers-sosp-qu', protocol: 'qu', faults: 1, queryShare: 0 }, 'messages_per_op'),
    note: 'counted; the client asks its preferred quorum here, 4f + 1, and all 5f + 1 there',
  },
  {
    kind: 'open',
    id: 'hq-latency',
    source: HQ,
    known: 'read',
    what: "Q/U's latency against HQ's; HQ's messages at the client, 9f + 4",
    published: 'half of it',
    reason: `HQ ${MISSING_PROTOCOL}`,
  },
  {
    kind: 'number',
    id: 'zyzzyva-macs-qu',
    source: `${ZYZZYVA}, Table 1`,
    known: 'read',
    what: 'MACs of a request at a Q/U replica, f = 1: 2 + 8f',
    unit: 'MACs',
    published: 10,
    suite: quPeak.suite,
    ours: (evidence) => atPeak(evidence, quPeak, 'macs_per_handled_op_busiest'),
    note: 'counted',
  },
  {
    kind: 'number',
    id: 'zyzzyva-macs-pbft',
    source: `${ZYZZYVA}, Table 1`,
    known: 'read',
    what: 'MACs of a request at the PBFT primary, f = 1, no batches: 3 + 8f',
    unit: 'MACs',
    published: 11,
    suite: 'papers-zyzzyva',
    ours: (evidence) => atPeak(evidence, zyzzyva('batch 1'), 'macs_per_handled_op_busiest'),
    note: 'counted; authenticators cover all 3f others here',
  },
  {
    kind: 'number',
    id: 'zyzzyva-pbft-batch-10',
    source: `${ZYZZYVA}, Figure 3`,
    known: 'recalled',
    what: 'PBFT, 0/0, f = 1, batches of 10',
    unit: 'ops/s',
    published: 59_000,
    suite: 'papers-zyzzyva',
    ours: (evidence) => best(evidence, zyzzyva('batch 10'), 'throughput_ops_s'),
  },
  {
    kind: 'open',
    id: 'zyzzyva-ahead',
    source: `${ZYZZYVA}, Figure 3`,
    known: 'recalled',
    what: 'Zyzzyva against PBFT, 0/0, f = 1, batches of 1 and 10',
    published: '×2.7; 86,000 ops/s',
    reason: `Zyzzyva ${MISSING_PROTOCOL}`,
  },
  {
    kind: 'number',
    id: 'aardvark-pbft',
    source: AARDVARK,
    known: 'recalled',
    what: 'PBFT, f = 1, peak without faults',
    unit: 'ops/s',
    published: 61_710,
    suite: 'papers-zyzzyva',
    ours: (evidence) => best(evidence, zyzzyva('batches'), 'throughput_ops_s'),
  },
  {
    kind: 'number',
    id: 'aardvark-qu',
    source: AARDVARK,
    known: 'recalled',
    what: 'Q/U, f = 1, peak without faults',
    unit: 'ops/s',
    published: 23_850,
    suite: quPeak.suite,
    ours: (evidence) => best(evidence, quPeak, 'throughput_ops_s'),
  },
  {
    kind: 'order',
    id: 'aardvark-order',
    source: AARDVARK,
    known: 'recalled',
    what: 'peaks without faults, f = 1: PBFT with batches against Q/U',
    published: 'higher',
    suite: 'papers-zyzzyva',
    ours: (evidence) =>
      isAbove(
        best(evidence, zyzzyva('batches'), 'throughput_ops_s'),
        best(evidence, quPeak, 'throughput_ops_s'),
        'ops/s',
      ),
  },
  {
    kind: 'open',
    id: 'aardvark-faulty-client',
    source: AARDVARK,
    known: 'recalled',
    what: 'peaks with one faulty client',
    published: '0, but Aardvark 38,667',
    reason: `Aardvark ${MISSING_PROTOCOL}, and no suite has faulty clients`,
  },
  {
    kind: 'order',
    id: 'fire-batches-overtake',
    source: FIRE,
    known: 'recalled',
    what: 'throughput at saturation: PBFT with batches against Q/U',
    published: 'higher',
    suite: 'papers-fire',
    ours: (evidence) =>
      isAbove(best(evidence, batchesOnFire, 'throughput_ops_s'), best(evidence, quOnFire, 'throughput_ops_s'), 'ops/s'),
  },
  {
    kind: 'order',
    id: 'fire-latency',
    source: FIRE,
    known: 'recalled',
    what: 'latency of one client: PBFT against Q/U',
    published: 'higher',
    suite: 'papers-fire',
    ours: (evidence) =>
      isAbove(
        best(evidence, { ...batchesOnFire, clients: 1 }, 'latency_p50_us'),
        best(evidence, { ...quOnFire, clients: 1 }, 'latency_p50_us'),
        'ms',
        1e-3,
      ),
  },
  {
    kind: 'order',
    id: 'fire-bandwidth',
    source: FIRE,
    known: 'recalled',
    what: 'throughput kept on 100 Mbit/s instead of 1 Gbit/s: PBFT without batches against Q/U',
    published: 'more',
    suite: 'papers-fire-100m',
    ours: (evidence) => keepsMore(evidence, 'papers-fire-100m', fire('pbft', 'batch 1'), quOnFire),
  },
  {
    kind: 'order',
    id: 'fire-loss',
    source: FIRE,
    known: 'recalled',
    what: 'throughput kept with 1 % of packets lost, 10 clients: PBFT against Q/U',
    published: 'more',
    suite: 'papers-fire-loss',
    ours: (evidence) => keepsMore(evidence, 'papers-fire-loss', lossless('pbft'), lossless('qu')),
    note: 'an update of Q/U takes answers of a whole quorum; agreement goes on without a minority',
  },
  {
    kind: 'order',
    id: 'fire-wan',
    source: FIRE,
    known: 'recalled',
    what: 'latency of one client across five regions: PBFT against Q/U',
    published: 'higher',
    suite: 'papers-fire-wan',
    ours: (evidence) =>
      isAbove(
        best(evidence, { suite: 'papers-fire-wan', protocol: 'pbft' }, 'latency_p50_us'),
        best(evidence, { suite: 'papers-fire-wan', protocol: 'qu' }, 'latency_p50_us'),
        'ms',
        1e-3,
      ),
  },
  {
    kind: 'order',
    id: 'fire-contention',
    source: `${FIRE}; HQ`,
    known: 'recalled',
    what: 'Q/U, one shared counter: throughput of 8 clients against 1',
    published: 'lower: back-off degrades Q/U',
    suite: 'papers-sosp-contention',
    ours: degraded,
  },
  {
    kind: 'open',
    id: 'fire-zyzzyva',
    source: `${FIRE}, abstract`,
    known: 'read',
    what: 'Zyzzyva against PBFT and Q/U',
    published: 'ahead under most but not all conditions',
    reason: `Zyzzyva ${MISSING_PROTOCOL}`,
  },
  {
    kind: 'open',
    id: 'berger',
    source: 'Berger et al. 2024',
    known: 'read',
    what: 'N = 128, links of 25 Mbit/s: Kauri, BullShark, Tusk, HotStuff',
    published: '6,742 to 494 ops/s',
    reason: 'none of these is among the protocols here',
  },
];

function degraded(evidence: Evidence): OrderFinding {
  const at = (clients: number) =>
    best(evidence, { suite: 'papers-sosp-contention', protocol: 'qu', variant: '', clients }, 'throughput_ops_s');
  const [alone, together] = [at(1), at(8)];
  if ('missing' in alone) return alone;
  if ('missing' in together) return together;
  return { holds: together.value < alone.value, numbers: `${shown(together.value)} and ${shown(alone.value)} ops/s` };
}
