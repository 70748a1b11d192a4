import { expect, test } from 'vitest';
import { loadCostProfile } from '../../harness/costs/shipped-profiles.ts';
import { renderSvg } from '../figures/render-svg.ts';
import { pointsOf } from '../points.ts';
import { row } from '../testing/rows.ts';
import { checkWellFormed } from '../testing/well-formed.ts';
import type { Evidence } from './evidence.ts';
import { quRatioAt, quRatioOfPeak, sensitivityOf } from './sensitivity.ts';
import { sensitivityFigureSpec } from './sensitivity-figure-spec.ts';

function closedForm(series: string, ratio: number): number {
  const found = sensitivityOf(new Map()).find((point) => point.series === series && point.ratio === ratio);
  return found?.closedForm ?? Number.NaN;
}

test("Q/U's closed form: MACs alone would take 75 % away, and 36 % need a fixed cost of 42 MACs", () => {
  expect(closedForm('Q/U', 0)).toBeCloseTo(-0.75, 2);
  expect(closedForm('Q/U', 42)).toBeCloseTo(-0.36, 2);
  expect(quRatioAt(-0.36)).toBeCloseTo(42, 0);
  expect(quRatioAt(closedForm('Q/U', 10))).toBeCloseTo(10, 9);
});

test('a peak at f = 1 tells c: 5 of 6 replicas see a request, with 10 MACs', () => {
  // 30 µs a request at a replica that sees 5/6 of 40,000/s.
  expect(quRatioOfPeak(40_000, 1)).toBeCloseTo(30 - 10, 9);
  expect(quRatioOfPeak(40_000, 2)).toBeCloseTo(15 - 10, 9);
});

test("PBFT's closed form without batches moves little, whatever dominates", () => {
  expect(closedForm('PBFT batch 1', 0)).toBeCloseTo(12 / 52 - 1, 9);
  expect(closedForm('PBFT batch 1', 200)).toBeCloseTo((100 * 10 + 12) / (100 * 34 + 52) - 1, 9);
});

const sim = { suite: 'papers-sosp-qu', runtime: 'sim', topology: 'cluster-2005' } as const;

/** At f = 1 a request takes 30 µs at a replica that sees 5 of 6; with 10 MACs. */
function evidence(): Evidence {
  const busy = { cpu_us_per_op_busiest: 25, macs_per_op_busiest: 25 / 3, macs_per_handled_op_busiest: 10 };
  const rows = [
    row({ ...sim, ...busy, f: 1, throughput_ops_s: 40_000 }),
    row({ ...sim, f: 5, throughput_ops_s: 20_000 }),
  ];
  return new Map([['papers-sosp-qu', { points: pointsOf(rows), costs: 'sosp-2005' }]]);
}

test('c is what a request takes without its MACs, m what the profile says of one', () => {
  const [point] = sensitivityOf(evidence()).filter(({ simulated }) => simulated !== undefined);
  const { us = 0, usPerKilobyte = 0 } = loadCostProfile('sosp-2005').macs['hmac-sha256']?.generate ?? {};
  const macUs = us + usPerKilobyte / 16;
  expect(point).toMatchObject({ series: 'Q/U', transports: 1, costs: 'sosp-2005', simulated: -0.5 });
  expect(point?.macUs).toBeCloseTo(macUs, 9);
  expect(point?.fixedUs).toBeCloseTo(30 - 10 * macUs, 9);
  expect(point?.ratio).toBeCloseTo((30 - 10 * macUs) / macUs, 9);
});

test('where the profile is not at hand there is no ratio to draw at', () => {
  const [[suite, found] = ['', undefined]] = [...evidence()];
  const points = sensitivityOf(new Map([[suite, { points: found?.points ?? [], costs: 'gone' }]]));
  expect(points.every(({ simulated }) => simulated === undefined)).toBe(true);
});

test('the figure is well-formed, and the same bytes every time', async () => {
  const spec = sensitivityFigureSpec(sensitivityOf(evidence()));
  const svg = await renderSvg(spec);
  checkWellFormed(svg);
  expect(svg).toContain('simulated: a machine for every node, 2005');
  expect(svg).not.toMatch(/NaN|undefined/);
  expect(await renderSvg(sensitivityFigureSpec(sensitivityOf(evidence())))).toBe(svg);
});
