import { describe, expect, test } from 'vitest';
import { protocols } from '../../baselines/registry.ts';
import { runtimes } from '../../harness/runtimes/runtimes.ts';
import { partsOf } from '../../harness/suites/parts.ts';
import { type Point as PlannedPoint, pointsOf as plannedPoints } from '../../harness/suites/points.ts';
import { resolveSuite } from '../../harness/suites/resolve.ts';
import type { Suite } from '../../harness/suites/settings.ts';
import { suitePath } from '../../harness/suites/shipped.ts';
import { loadSuite } from '../../harness/suites/suite-file.ts';
import { services } from '../../src/services/services.ts';
import { pointsOf } from '../points.ts';
import { row } from '../testing/rows.ts';
import { claims } from './claims.ts';
import type { Evidence, SuiteEvidence } from './evidence.ts';
import { reproduce } from './reproduction.ts';
import { sensitivityOf } from './sensitivity.ts';

const catalog = { protocols, services, runtimes };

/** What suite papers would measure, with numbers that mean nothing. */
function planned(): Evidence {
  const file = suitePath('papers');
  const parts = partsOf(loadSuite(file), file) ?? [];
  const suites = parts.map((part) => resolveSuite(part, false, { overrides: {}, flag: (name) => name }, catalog));
  return new Map(suites.map((suite) => [suite.name, evidenceOf(suite)] as const));
}

function evidenceOf(suite: Suite): SuiteEvidence {
  const rows = plannedPoints(suite, catalog).map((point) => rowOf(suite, point));
  return { points: pointsOf(rows), costs: suite.costs };
}

function rowOf(
  { name, runtime, topology, mac }: Suite,
  { protocol, variant, faults, workload, clients }: PlannedPoint,
) {
  return row({
    suite: name,
    protocol: protocol.name,
    // Only what a suite has named is a variant that claims speak of.
    variant: variant.includes('=') ? '' : variant,
    f: faults,
    runtime,
    topology,
    mac,
    service: workload.service,
    service_options: JSON.stringify(workload.serviceOptions),
    query_share: workload.queryShare,
    objects: workload.objects,
    clients,
  });
}

const evidence = planned();
const reproductions = reproduce(claims, evidence);

test('claims have names of their own', () => {
  const ids = claims.map(({ id }) => id);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

describe.each(reproductions.map((one) => [one.claim.id, one] as const))(
  '%s',
  (_, { claim, agrees, remark, where, costs }) => {
    test('speaks of points that suite papers measures, or says why it cannot be shown', () => {
      expect(agrees === 'unknown' ? remark : '').toBe('');
      if (claim.kind === 'open') expect(remark).not.toBe('');
      else expect(evidence.has(claim.suite)).toBe(true);
    });

    test('tells where its number comes from', () => {
      if (claim.kind === 'open') return;
      expect(where).toMatch(/^simulated: /);
      expect(costs).toMatch(/^(sosp-2005|osdi-1999|tocs-2002|zyzzyva-2007)/);
    });
  },
);

test("the SOSP paper's two losses have the tolerance that was asked for: 5 percentage points", () => {
  const losses = claims.filter(({ id }) => id.startsWith('sosp-loss'));
  expect(losses.map((claim) => claim.kind === 'number' && [claim.published.toFixed(2), claim.tolerance])).toEqual([
    ['-0.36', 0.05],
    ['-0.83', 0.05],
    ['-0.83', 0.05],
  ]);
});

test('the sensitivity has a simulated point for each factor and protocol', () => {
  const simulated = sensitivityOf(evidence).filter(({ simulated: loss }) => loss !== undefined);
  expect(simulated.map(({ series, transports }) => [series, transports])).toEqual(
    ['Q/U', 'PBFT batch 1', 'PBFT batches'].flatMap((series) => [0.25, 0.5, 1, 2, 4].map((factor) => [series, factor])),
  );
});
