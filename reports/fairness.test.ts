import { expect, test } from 'vitest';
import { protocols } from '../baselines/registry.ts';
import type { ResultRow } from '../harness/results/columns.ts';
import { counterService } from '../src/services/counter.ts';
import { comparisonsOf } from './comparisons.ts';
import { fairnessTable } from './fairness.ts';
import { pointsOf } from './points.ts';
import { row } from './testing/rows.ts';

/** The cells of each protocol by the head of their column. */
function cellsOf(rows: readonly ResultRow[]): readonly ReadonlyMap<string, string | undefined>[] {
  return comparisonsOf(pointsOf(rows)).flatMap((comparison) => {
    const { columns, rows: cells } = fairnessTable(comparison);
    return cells.map((line) => new Map(columns.map(({ head }, index) => [head, line[index]])));
  });
}

test('tells for each protocol how queries and updates are executed', () => {
  const cells = cellsOf([row(), row({ protocol: 'pbft' }), row({ protocol: 'withdrawn' })]);
  expect(cells.map((line) => [line.get('protocol'), line.get('queries'), line.get('tentative execution')])).toEqual([
    ['Q/U', expect.stringContaining('one optimistic round'), expect.stringContaining('does not apply')],
    ['PBFT', expect.stringContaining('one round to all'), expect.stringContaining('4 one-way delays')],
    ['withdrawn', '-', '-'],
  ]);
});

test.each(protocols)('the one-way delays told of $name are those of its cost model', (protocol) => {
  const { costModel } = protocol.deploy(protocol.leastFaults, counterService.create({}), {});
  expect(protocol.execution.tentative).toContain(`${costModel.oneWayLatencies} one-way delays`);
});

test.each([
  ['process', 'of all threads of the process'],
  ['process-tcp', 'of all threads of the process'],
  ['thread', 'of the one thread'],
  ['sim', 'simulated, by the cost profile'],
  ['withdrawn', '-'],
])('tells whose CPU time %s counts', (runtime, whose) => {
  expect(cellsOf([row({ runtime })])[0]?.get('CPU time')).toBe(whose);
});

test('says which bounds are not comparable, and that load on replicas is uneven', () => {
  const [comparison] = comparisonsOf(pointsOf([row()]));
  const notes = comparison === undefined ? '' : fairnessTable(comparison).notes.join('\n');
  expect(notes).toMatch(
    /all threads of a process in process.*compiler's included.*one thread in thread.*not comparable/,
  );
  expect(notes).toMatch(/busiest replica.*unevenly/);
});
