import type { Claim, NumberClaim } from './claim.ts';
import { best, combined, type Evidence, type Finding, mapped, type Selection } from './evidence.ts';

/** Castro and Liskov: Practical Byzantine Fault Tolerance, OSDI 1999; with proactive recovery, TOCS 2002. */
const TABLE_1 = 'OSDI 1999, Table 1';
const SECTION_8 = 'TOCS 2002, section 8';

const AUTHENTICATED = "the unreplicated server here makes and checks MACs, as all do; the papers' does not";

type Bytes = readonly [number, number];
type Kind = 'read-write' | 'read-only' | 'unreplicated';

const OSDI = 'papers-osdi';
const TOCS_LATENCY = 'papers-tocs-latency';
const TOCS_THROUGHPUT = 'papers-tocs-throughput';

function selected(suite: string, kind: Kind, bytes: Bytes, faults = 1): Selection {
  if (kind === 'unreplicated') return { suite, protocol: 'unreplicated', queryShare: 0, bytes };
  return { suite, protocol: 'pbft', faults, queryShare: kind === 'read-only' ? 1 : 0, bytes };
}

function latencyMs(evidence: Evidence, suite: string, kind: Kind, bytes: Bytes, faults = 1): Finding {
  return mapped(best(evidence, selected(suite, kind, bytes, faults), 'latency_p50_us'), (us) => us / 1_000);
}

/** Argument and result in bytes, as the papers write them in KB. */
const payloads: ReadonlyMap<string, Bytes> = new Map([
  ['0/0', [0, 0]],
  ['4/0', [4_096, 0]],
  ['0/4', [0, 4_096]],
]);

function bytesOf(payload: string): Bytes {
  return payloads.get(payload) ?? [0, 0];
}

const table: readonly (readonly [payload: string, readWrite: number, readOnly: number, unreplicated: number])[] = [
  ['0/0', 3.35, 1.62, 0.82],
  ['4/0', 14.19, 6.98, 4.62],
  ['0/4', 8.01, 5.94, 4.66],
];

function latencyClaim(payload: string, kind: Kind, published: number): NumberClaim {
  return {
    kind: 'number',
    id: `osdi-${kind}-${payload}`,
    source: TABLE_1,
    known: 'read',
    what: `latency of ${payload} KB, ${kind}`,
    unit: 'ms',
    published,
    suite: OSDI,
    ...(kind === 'unreplicated' && payload === '0/0' ? { isInput: true as const } : {}),
    ...(kind === 'unreplicated' ? { note: AUTHENTICATED } : {}),
    ours: (evidence) => latencyMs(evidence, OSDI, kind, bytesOf(payload)),
  };
}

function ratioClaim(kind: 'read-write' | 'read-only', bytes: Bytes, published: number): NumberClaim {
  return {
    kind: 'number',
    id: `tocs-latency-${kind}-${bytes[1]}`,
    source: SECTION_8,
    known: 'read',
    what: `latency over unreplicated, ${kind}, result of ${bytes[1]} bytes`,
    unit: 'ratio',
    published,
    suite: TOCS_LATENCY,
    ours: (evidence) =>
      combined(
        latencyMs(evidence, TOCS_LATENCY, kind, bytes),
        latencyMs(evidence, TOCS_LATENCY, 'unreplicated', bytes),
        (replicated, alone) => replicated / alone,
      ),
    note: AUTHENTICATED,
  };
}

function throughput(evidence: Evidence, kind: Kind, payload: string): Finding {
  return best(evidence, selected(TOCS_THROUGHPUT, kind, bytesOf(payload)), 'throughput_ops_s');
}

function lessThroughputClaim(kind: 'read-write' | 'read-only', published: number): NumberClaim {
  return {
    kind: 'number',
    id: `tocs-throughput-${kind}-0/0`,
    source: SECTION_8,
    known: 'read',
    what: `throughput of 0/0 against unreplicated, ${kind}`,
    unit: 'change',
    published,
    suite: TOCS_THROUGHPUT,
    ours: (evidence) =>
      combined(
        throughput(evidence, kind, '0/0'),
        throughput(evidence, 'unreplicated', '0/0'),
        (replicated, alone) => replicated / alone - 1,
      ),
    note: AUTHENTICATED,
  };
}

function throughputClaim(payload: string, kind: Kind, published: number): NumberClaim {
  return {
    kind: 'number',
    id: `tocs-throughput-${kind}-${payload}`,
    source: SECTION_8,
    known: 'read',
    what: `throughput of ${payload} KB, ${kind}`,
    unit: 'ops/s',
    published,
    suite: TOCS_THROUGHPUT,
    ours: (evidence) => throughput(evidence, kind, payload),
  };
}

function secondFaultClaim(kind: 'read-write' | 'read-only', bytes: Bytes, published: number): NumberClaim {
  const payload = bytes[0] === 0 ? `result of ${bytes[1]} bytes` : `argument of ${bytes[0]} bytes`;
  return {
    kind: 'number',
    id: `tocs-second-fault-${kind}-${bytes.join('/')}`,
    source: SECTION_8,
    known: 'read',
    what: `latency at f = 2 against f = 1, ${kind}, ${payload}`,
    unit: 'change',
    published,
    suite: TOCS_LATENCY,
    ours: (evidence) =>
      combined(
        latencyMs(evidence, TOCS_LATENCY, kind, bytes, 2),
        latencyMs(evidence, TOCS_LATENCY, kind, bytes, 1),
        (two, one) => two / one - 1,
      ),
    ...(bytes[0] === 0 ? { note: 'published as the most over all sizes' } : {}),
  };
}

export const pbftClaims: readonly Claim[] = [
  ...table.flatMap(([payload, readWrite, readOnly, unreplicated]) => [
    latencyClaim(payload, 'read-write', readWrite),
    latencyClaim(payload, 'read-only', readOnly),
    latencyClaim(payload, 'unreplicated', unreplicated),
  ]),
  {
    kind: 'number',
    id: 'osdi-added-0/0',
    source: 'OSDI 1999, section 7',
    known: 'read',
    what: 'what replication adds to the latency of 0/0, read-write',
    unit: 'ms',
    published: 2.53,
    suite: OSDI,
    ours: (evidence) =>
      combined(
        latencyMs(evidence, OSDI, 'read-write', [0, 0]),
        latencyMs(evidence, OSDI, 'unreplicated', [0, 0]),
        (replicated, alone) => replicated - alone,
      ),
  },
  ratioClaim('read-write', [0, 8], 4.08),
  ratioClaim('read-write', [0, 8_192], 1.47),
  ratioClaim('read-only', [0, 8], 1.95),
  ratioClaim('read-only', [0, 8_192], 1.25),
  lessThroughputClaim('read-write', -0.52),
  lessThroughputClaim('read-only', -0.35),
  throughputClaim('0/4', 'read-write', 6_625),
  throughputClaim('0/4', 'read-only', 8_698),
  throughputClaim('0/4', 'unreplicated', 3_000),
  throughputClaim('4/0', 'read-write', 2_591),
  throughputClaim('4/0', 'read-only', 2_865),
  throughputClaim('4/0', 'unreplicated', 2_921),
  secondFaultClaim('read-write', [0, 8], 0.3),
  secondFaultClaim('read-only', [0, 8], 0.26),
  secondFaultClaim('read-write', [8_192, 0], 0.07),
  secondFaultClaim('read-only', [8_192, 0], 0.02),
  {
    kind: 'open',
    id: 'tocs-view-change',
    source: SECTION_8,
    known: 'read',
    what: 'view change with no, 10 % and 50 % writes',
    published: '575, 4,162 and 7,005 µs',
    reason: 'no suite measures the time of a view change',
  },
];
