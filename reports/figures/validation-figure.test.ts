import { describe, expect, test } from 'vitest';
import { csvText } from '../csv.ts';
import { pointsOf } from '../points.ts';
import { row } from '../testing/rows.ts';
import { measuredAndSimulated, simulatedRow } from '../testing/validation-rows.ts';
import { checkWellFormed } from '../testing/well-formed.ts';
import { type Validation, validationOf } from '../validation.ts';
import { renderSvg } from './render-svg.ts';
import {
  type ValidationFigure,
  validationFigureColumns,
  validationFigurePoints,
  validationFigureSpec,
  validationFigures,
} from './validation-figure.ts';

const rows = [
  ...measuredAndSimulated([900, 1_000, 1_100], 0.04),
  ...measuredAndSimulated([20_000, 21_000, 22_000], -0.1, { protocol: 'pbft', variant: 'batches', clients: 64 }),
];

function validation(of = rows): Validation {
  const found = validationOf(pointsOf(of));
  if (found === undefined) throw new Error('nothing to compare');
  return found;
}

function drawn(figure: ValidationFigure, of: Validation): Promise<string> {
  const spec = validationFigureSpec(figure, of);
  if (spec === undefined) throw new Error('nothing to draw');
  return renderSvg(spec);
}

describe.each(validationFigures)('$name', (figure) => {
  test('is well-formed, a column wide, in type of at least 7 pt, and the same bytes every time', async () => {
    const svg = await drawn(figure, validation());
    checkWellFormed(svg);
    expect(svg).toMatch(/^<svg [^>]*width="240pt" height="\d+pt"/);
    const sizes = [...svg.matchAll(/font-size="([\d.]+)px"/g)].map(([, size]) => Number(size));
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(7);
    expect(await drawn(figure, validation([...rows].reverse()))).toBe(svg);
  });

  test('says what is simulated, what the bands are, and how many repeats were measured', async () => {
    const svg = await drawn(figure, validation());
    for (const text of [
      'simulated: shared-host',
      '±10 % and ±20 %',
      'min to max of 3 measured repeats',
      'in the median of 2 points',
      'PBFT batches',
    ]) {
      expect(svg).toContain(text);
    }
  });

  test('has its own data', () => {
    const text = csvText(validationFigureColumns(figure), validationFigurePoints(validation(), figure));
    const [header, ...lines] = text.trimEnd().split('\n');
    expect(header).toMatch(/^series,suite,protocol,.*_measured_at_speed,.*_low,.*_high,.*_predicted,error_percent$/);
    expect(lines).toHaveLength(2);
  });
});

test('without a point that both know there is no figure', () => {
  const [figure] = validationFigures;
  const refused = validation([row({ verdict: 'invalid' }), simulatedRow()]);
  expect(figure && validationFigureSpec(figure, refused)).toBeUndefined();
});
