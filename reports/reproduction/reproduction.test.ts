import { describe, expect, test } from 'vitest';
import { csvText } from '../csv.ts';
import { pointsOf } from '../points.ts';
import { row } from '../testing/rows.ts';
import type { Claim, NumberClaim } from './claim.ts';
import { best, type Evidence } from './evidence.ts';
import { reproduce, reproductionColumns, reproductionTable, reproductionText } from './reproduction.ts';

const there = { suite: 'there', runtime: 'sim', topology: 'lan-10g' } as const;

function evidenceOf(throughput: number): Evidence {
  return new Map([['there', { points: pointsOf([row({ ...there, throughput_ops_s: throughput })]), costs: 'mine' }]]);
}

function numberClaim(changes: Partial<NumberClaim> = {}): NumberClaim {
  return {
    kind: 'number',
    id: 'one',
    source: 'A paper',
    known: 'recalled',
    what: 'how fast',
    unit: 'ops/s',
    published: 1_000,
    suite: 'there',
    ours: (evidence) => best(evidence, { suite: 'there', protocol: 'qu' }, 'throughput_ops_s'),
    ...changes,
  };
}

function outcome(claim: Claim, throughput: number) {
  const [one] = reproduce([claim], evidenceOf(throughput));
  if (one === undefined) throw new Error('no outcome');
  return one;
}

describe('a number', () => {
  test.each([
    [1_000, 'yes'],
    [1_200, 'yes'],
    [801, 'yes'],
    [1_201, 'no'],
    [799, 'no'],
  ])('of 1,000 against %d: %s', (ours, agrees) => {
    expect(outcome(numberClaim(), ours)).toMatchObject({ ours, difference: ours - 1_000, agrees });
  });

  test('with a tolerance of its own is held to that', () => {
    const loss = numberClaim({ unit: 'change', published: -0.36, tolerance: 0.05, ours: () => ({ value: -0.4 }) });
    expect(outcome(loss, 1).agrees).toBe('yes');
    expect(outcome({ ...loss, ours: () => ({ value: -0.42 }) }, 1).agrees).toBe('no');
  });

  test('that is a change is judged by the ratio behind it', () => {
    const change = numberClaim({ unit: 'change', published: -0.5, ours: () => ({ value: -0.41 }) });
    expect(outcome(change, 1).agrees).toBe('yes');
    expect(outcome({ ...change, ours: () => ({ value: -0.39 }) }, 1).agrees).toBe('no');
  });

  test('that a profile was made from proves nothing', () => {
    expect(outcome(numberClaim({ isInput: true }), 1_000).agrees).toBe('input');
  });

  test('that was not measured says why', () => {
    const elsewhere = numberClaim({
      ours: (evidence) => best(evidence, { suite: 'there', protocol: 'pbft' }, 'throughput_ops_s'),
    });
    expect(outcome(elsewhere, 1_000)).toMatchObject({ agrees: 'unknown', remark: 'there pbft was not measured' });
    const [missing] = reproduce([numberClaim()], new Map());
    expect(missing).toMatchObject({ agrees: 'unknown', where: '', remark: 'suite there was not run' });
  });

  test('of rows that are not valid is none', () => {
    const evidence: Evidence = new Map([
      ['there', { points: pointsOf([row({ ...there, verdict: 'invalid', verdict_reason: 'broken' })]), costs: 'mine' }],
    ]);
    expect(reproduce([numberClaim()], evidence)[0]?.agrees).toBe('unknown');
  });
});

const order: Claim = {
  kind: 'order',
  id: 'two',
  source: 'A paper',
  known: 'read',
  what: 'who is first',
  published: 'Q/U ahead',
  suite: 'there',
  ours: () => ({ holds: false, numbers: '1 and 2 ops/s' }),
  note: 'by little',
};

const open: Claim = {
  kind: 'open',
  id: 'three',
  source: 'Another paper',
  known: 'read',
  what: 'a protocol',
  published: '7 ops/s',
  reason: 'it is not here',
};

test('the table says published, how known, ours, the difference, whether it agrees, where, and why not', () => {
  const reproductions = reproduce([numberClaim(), order, open], evidenceOf(1_100));
  expect(reproductionTable(reproductions).rows).toEqual([
    ['A paper', 'how fast', '1,000 ops/s', 'recalled', '1,100 ops/s', '+10 %', 'yes', 'simulated: lan-10g', 'mine', ''],
    [
      'A paper',
      'who is first',
      'Q/U ahead',
      'read',
      '1 and 2 ops/s',
      '',
      'no',
      'simulated: lan-10g',
      'mine',
      'by little',
    ],
    ['Another paper', 'a protocol', '7 ops/s', 'read', '-', '', 'open', '', '', 'it is not here'],
  ]);
  const text = reproductionText(reproductions);
  expect(text).toMatch(/^A paper\n +what /m);
  expect(text).toMatch(/how fast +1,000 ops\/s +recalled +1,100 ops\/s +\+10 % +yes +\[a\]$/m);
  expect(text).toMatch(/who is first .* no +\[a\]\[1\]$/m);
  expect(text).toContain('1 agree, 1 do not, 1 cannot be shown here, 0 made a profile, 0 were not measured.');
  expect(text).toContain('[a] simulated: lan-10g, costs mine');
  expect(text).toContain('[1] by little');
  expect(text).toContain('[2] it is not here');
});

test('the CSV has a row for each claim, with empty cells for what is no number', () => {
  const lines = csvText(reproductionColumns, reproduce([numberClaim(), order, open], evidenceOf(1_100))).split('\n');
  expect(lines[1]).toBe(
    'one,A paper,recalled,how fast,ops/s,1000,"1,000 ops/s",1100,"1,100 ops/s",100,yes,simulated: lan-10g,mine,there,',
  );
  expect(lines[2]).toBe(
    'two,A paper,read,who is first,,,Q/U ahead,,1 and 2 ops/s,,no,simulated: lan-10g,mine,there,by little',
  );
  expect(lines[3]).toBe('three,Another paper,read,a protocol,,,7 ops/s,,-,,open,,,,it is not here');
});

test('a real number is called so, and has no cost profile', () => {
  const evidence: Evidence = new Map([['there', { points: pointsOf([row({ suite: 'there' })]), costs: 'reference' }]]);
  expect(reproduce([numberClaim()], evidence)[0]).toMatchObject({ where: 'real: shared host', costs: '' });
});
