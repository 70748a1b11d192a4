import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { ResultRow } from '../../harness/results/columns.ts';
import { type Comparison, comparisonsOf } from '../comparisons.ts';
import { csvText } from '../csv.ts';
import { pointsOf } from '../points.ts';
import { readResults } from '../results-file.ts';
import { repeats, row } from '../testing/rows.ts';
import { checkWellFormed } from '../testing/well-formed.ts';
import { type FaultFigure, faultFigures, figurePoints } from './fault-figure.ts';
import { figureColumns } from './fault-figure-csv.ts';
import { faultFigureSpec } from './fault-figure-spec.ts';
import { renderSvg } from './render-svg.ts';

const fixture = fileURLToPath(new URL('../testing/fixtures/fault-scalability', import.meta.url));

function comparisonOf(rows: readonly ResultRow[]): Comparison {
  const [comparison] = comparisonsOf(pointsOf(rows));
  if (comparison === undefined) throw new Error('no rows');
  return comparison;
}

function figureNamed(name: string): FaultFigure {
  const figure = faultFigures.find((candidate) => candidate.name === name);
  if (figure === undefined) throw new Error(`no figure ${name}`);
  return figure;
}

const throughput = figureNamed('throughput-vs-faults');
const dedicated = figureNamed('dedicated-bound-vs-faults');

function drawn(figure: FaultFigure, comparison: Comparison, cores?: number): Promise<string> {
  const spec = faultFigureSpec(figure, comparison, cores);
  if (spec === undefined) throw new Error('nothing to draw');
  return renderSvg(spec);
}

describe.each(faultFigures)('$name', (figure) => {
  test('is well-formed, a column wide, in type of at least 7 pt, and the same bytes every time', async () => {
    const comparison = comparisonOf((await readResults(fixture)).rows);
    const svg = await drawn(figure, comparison, 2);
    checkWellFormed(svg);
    expect(svg).toMatch(/^<svg [^>]*width="240pt" height="\d+pt" viewBox="0 0 240 \d+"/);
    const sizes = [...svg.matchAll(/font-size="([\d.]+)px"/g)].map(([, size]) => Number(size));
    expect(sizes.length).toBeGreaterThan(5);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(7);
    expect(await drawn(figure, comparison, 2)).toBe(svg);
  });

  test('does not depend on the order of the trials', async () => {
    const { rows } = await readResults(fixture);
    expect(await drawn(figure, comparisonOf([...rows].reverse()), 2)).toBe(await drawn(figure, comparisonOf(rows), 2));
  });
});

test('the axis says real and on how many cores, or simulated, and the bound says that it is none of both', async () => {
  const real = comparisonOf([row(), row({ f: 2 })]);
  const elsewhere = { runtime: 'sim', topology: 'lan-10g' };
  const simulated = comparisonOf([row(elsewhere), row({ ...elsewhere, f: 2 })]);
  expect(await drawn(throughput, real, 2)).toContain('real: shared host, 2 cores');
  expect(await drawn(throughput, simulated, 2)).toContain('>simulated: lan-10g<');
  const bound = await drawn(dedicated, real, 2);
  expect(bound).toContain('computed, not measured');
  expect(bound).toContain('from CPU time, shared host, 2 cores');
});

test('the figure says what its bars are and of how many runs', async () => {
  const six = repeats([10, 11, 12, 13, 14, 15]);
  const two = repeats([5, 6], { f: 2 });
  expect(await drawn(throughput, comparisonOf(six))).toContain('bars: 95 % interval of the median, 6 runs');
  expect(await drawn(throughput, comparisonOf(two))).toContain('bars: min to max, 2 runs');
  expect(await drawn(throughput, comparisonOf([...six, ...two]))).toContain(
    'bars: 95 % interval of the median (min to max below 6 runs), 2 to 6 runs',
  );
  expect(await drawn(throughput, comparisonOf([row()]))).toContain('no bars: 1 run');
});

test('a ceiling far above the curves is told in words, one near them is drawn', async () => {
  const curve = [row({ throughput_ops_s: 1_000 }), row({ f: 2, throughput_ops_s: 800 })];
  const far = comparisonOf([...curve, row({ protocol: 'unreplicated', f: 0, throughput_ops_s: 50_000 })]);
  const near = comparisonOf([...curve, row({ protocol: 'unreplicated', f: 0, throughput_ops_s: 1_500 })]);
  expect(await drawn(throughput, far)).toContain('unreplicated: 50,000 ops/s, above this scale');
  expect(await drawn(throughput, near)).not.toContain('above this scale');
});

test('without a valid row that knows the metric there is no figure', () => {
  expect(faultFigureSpec(throughput, comparisonOf([row({ verdict: 'invalid' })]), 2)).toBeUndefined();
  expect(faultFigureSpec(dedicated, comparisonOf([row({ dedicated_bound_ops_s: undefined })]), 2)).toBeUndefined();
});

describe("a figure's own CSV", () => {
  test('holds the peak, at which client count, and the bar that was drawn', () => {
    const comparison = comparisonOf([
      ...repeats([10, 11, 12, 13, 14, 15], { clients: 4 }),
      ...repeats([100, 110, 120], { clients: 16 }),
      ...repeats([70], { f: 2 }),
      row({ f: 3, verdict: 'unknown', throughput_ops_s: 1_000_000 }),
    ]);
    const text = csvText(figureColumns('throughput_ops_s'), figurePoints(comparison, 'throughput_ops_s'));
    const [header = '', ...lines] = text.trimEnd().split('\n');
    expect(header).toMatch(/^series,suite,protocol,variant,f,n,/);
    expect(header).toMatch(/,runs,throughput_ops_s_median,throughput_ops_s_low,throughput_ops_s_high,bar$/);
    expect(lines).toEqual([
      expect.stringMatching(/^Q\/U,test,qu,,1,6,.*,16,1,private,0,3,110,100,120,min-max$/),
      expect.stringMatching(/^Q\/U,test,qu,,2,6,.*,8,1,private,0,1,70,,,$/),
    ]);
  });

  test('names the interval from six runs on', () => {
    const [point] = figurePoints(comparisonOf(repeats([10, 11, 12, 13, 14, 15, 16, 17, 18])), 'throughput_ops_s');
    expect(point?.bar).toEqual({ kind: 'median-ci95', low: 11, high: 17 });
  });
});
