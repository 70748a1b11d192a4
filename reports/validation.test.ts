import { describe, expect, test } from 'vitest';
import type { ResultRow } from '../harness/results/columns.ts';
import { csvText } from './csv.ts';
import { pointsOf } from './points.ts';
import { repeats, row } from './testing/rows.ts';
import { measuredAndSimulated, simulatedRow } from './testing/validation-rows.ts';
import { summaryOfErrors, type Validation, validatingPoints, validationOf } from './validation.ts';
import { validationColumns } from './validation-columns.ts';
import { errorNote, validationText, verdictText } from './validation-tables.ts';

function validation(rows: readonly ResultRow[]): Validation {
  const found = validationOf(pointsOf(rows));
  if (found === undefined) throw new Error('nothing to compare');
  return found;
}

/** Three points with errors of −4 %, +8 % and +18 %. */
const rows = [
  ...measuredAndSimulated([990, 1_000, 1_010], -0.04),
  ...measuredAndSimulated([1_600, 2_000, 2_100], 0.08, { protocol: 'pbft', variant: 'batches', f: 2, clients: 64 }),
  ...measuredAndSimulated([3_000], 0.18, { protocol: 'unreplicated', f: 0, clients: 1 }),
];

describe('predicted against measured', () => {
  test('compares medians of the same point, and tells how the repeats spread', () => {
    const { points } = validation(rows);
    expect(points.map(({ label, repeats: count }) => [label, count])).toEqual([
      ['Q/U', 3],
      ['PBFT batches', 3],
      ['unreplicated', 1],
    ]);
    expect(points[1]?.predictions.throughput_ops_s).toEqual({
      measured: 2_000,
      measuredAtSpeed: 2_000,
      minAtSpeed: 1_600,
      maxAtSpeed: 2_100,
      predicted: 2_160,
      min: 1_600,
      max: 2_100,
      error: expect.closeTo(0.08),
      rawError: expect.closeTo(0.08),
      spread: 0.25,
      wide: true,
    });
    expect(points[2]?.predictions.throughput_ops_s?.spread).toBeUndefined();
  });

  test('what was measured on a machine that had become slower counts as it were at the speed that the profile knows', () => {
    const [point] = validation([
      row({ throughput_ops_s: 800, latency_p50_us: 1_250, host_probe_us: 125 }),
      simulatedRow({ throughput_ops_s: 1_000, latency_p50_us: 1_000, host_probe_us: 100 }),
    ]).points;
    expect(point?.slowdown).toBe(1.25);
    expect(point?.predictions.throughput_ops_s).toMatchObject({ measured: 800, measuredAtSpeed: 1_000, error: 0 });
    expect(point?.predictions.latency_p50_us).toMatchObject({ measured: 1_250, measuredAtSpeed: 1_000, error: 0 });
  });

  test('sums up sizes of errors, their common part, and the worst point', () => {
    const errors = summaryOfErrors(validation(rows), 'throughput_ops_s');
    expect(errors).toMatchObject({
      points: 3,
      medianError: expect.closeTo(0.08),
      bias: expect.closeTo(0.08),
      worst: { point: { label: 'unreplicated' }, prediction: { error: expect.closeTo(0.18) } },
      wide: 1,
    });
  });

  test.each([
    [0.19, 0.05, true],
    [-0.21, 0.05, false],
    [0.15, 0.11, false],
  ])('with errors of %d and twice %d, the target is met: %s', (worst, others, met) => {
    const three = [worst, others, -others].map((error, index) =>
      measuredAndSimulated([1_000], error, { f: index + 1 }),
    );
    expect(validation(three.flat()).met).toBe(met);
  });

  test('needs a point that was measured and simulated on the shared host', () => {
    expect(validationOf(pointsOf([row(), row({ f: 2 })]))).toBeUndefined();
    expect(validationOf(pointsOf([row(), simulatedRow({ topology: 'lan-10g' })]))).toBeUndefined();
    expect(validationOf(pointsOf([row(), simulatedRow({ clients: 64 })]))).toBeUndefined();
  });

  test('leaves out metrics that one side does not know', () => {
    const [point] = validation([row({ cpu_us_per_op_total: undefined }), simulatedRow()]).points;
    expect(Object.keys(point?.predictions ?? {})).not.toContain('cpu_us_per_op_total');
  });

  test('tells which points have no valid row, and why', () => {
    const found = validation([row({ verdict: 'invalid', verdict_reason: 'never steady' }), simulatedRow()]);
    expect(found).toMatchObject({ points: [], errors: [], met: undefined });
    expect(found.incomparable).toEqual(['Q/U f = 1, 8 clients: no valid row measured: never steady']);
    expect(verdictText(found)).toContain('Nothing to compare');
  });
});

test('only simulated points with a measured one beside them validate', () => {
  const points = pointsOf([row(), simulatedRow(), simulatedRow({ topology: 'lan-10g' })]);
  expect([...validatingPoints(points)].map(({ parameters }) => [parameters.runtime, parameters.topology])).toEqual([
    ['sim', 'shared-host'],
  ]);
});

describe('in words', () => {
  test('the verdict says how far off and what was to be reached', () => {
    expect(verdictText(validation(rows))).toBe(
      'Target met: predicted throughput is off by 8 % in the median of 3 points, 18 % at worst (target: median 10 %, worst 20 %).',
    );
    expect(verdictText(validation(measuredAndSimulated([1_000], 0.3)))).toMatch(/^TARGET MISSED: .* 30 % at worst/);
  });

  test('a prediction is told with the error and the range in which it was found', () => {
    expect(errorNote(validation(rows))).toBe(
      'validated on this host, f = 1..2, 1..64 clients: off by throughput 8 % in the median, 18 % at worst; ' +
        'median latency 0.8 % in the median, 1.8 % at worst. A machine of its own for every node was not measured.',
    );
  });

  test('every point has its line, and a wide spread is marked', () => {
    const text = validationText(validation(rows));
    expect(text).toMatch(/PBFT batches +2 +64 +2,000 \[1,600\.\.2,100\] +1 +2,000 +2,160 +~ \+8 % +25 % /);
    expect(text).toMatch(/Q\/U +1 +8 +1,000 \[990\.\.1,010\] +1 +1,000 +960 +-4 % +2 % /);
    expect(text).toContain('throughput: measured repeats of 1 of 3 points spread widely, marked ~.');
  });
});

test('validation.csv has a row for each point', () => {
  const [header, ...lines] = csvText(validationColumns, validation(rows).points).trimEnd().split('\n');
  expect(header).toContain(
    'repeats,slowdown,throughput_ops_s_measured,throughput_ops_s_measured_min,throughput_ops_s_measured_max,throughput_ops_s_measured_at_speed,throughput_ops_s_predicted,throughput_ops_s_error_percent,throughput_ops_s_raw_error_percent,throughput_ops_s_spread_percent,latency_p50_us_measured',
  );
  expect(lines).toHaveLength(3);
  expect(lines[1]).toMatch(/,3,1,2000,1600,2100,2000,2160,8\.0*\d*,8\.0*\d*,25,1000,/);
});

test('repeats of a point that was simulated more than once enter as their median', () => {
  const simulated = [900, 1_000, 1_300].map((throughput, index) =>
    simulatedRow({ repeat: index + 1, throughput_ops_s: throughput }),
  );
  const [point] = validation([...repeats([1_000]), ...simulated]).points;
  expect(point?.predictions.throughput_ops_s).toMatchObject({ predicted: 1_000, error: 0 });
});
