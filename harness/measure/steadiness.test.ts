import { expect, test } from 'vitest';
import { judgeSteadiness } from './steadiness.ts';

test.each([
  ['even', [100, 100, 100, 100, 100], { kind: 'steady' }],
  ['a slow fifth, not too slow', [100, 50, 100, 100, 100], { kind: 'steady' }],
  ['a fifth that was too slow', [100, 49, 100, 100, 100], { kind: 'unsteady', share: 0.49 }],
  ['mostly nothing', [300, 0, 0, 0, 300], { kind: 'unsteady', share: undefined }],
  ['too few to tell', [90, 0, 0, 9, 0], { kind: 'tooFewToTell' }],
  ['faster all the time', [100, 101, 105, 107, 110], { kind: 'rising', rise: 0.1 }],
  ['faster, but not by much', [100, 101, 105, 107, 109], { kind: 'steady' }],
  ['faster in the end, but not all the time', [100, 99, 105, 107, 120], { kind: 'steady' }],
])('%s', (_, fifths, expected) => {
  const judged = judgeSteadiness(fifths);
  if (judged.kind === 'rising') expect({ ...judged, rise: Number(judged.rise.toFixed(6)) }).toEqual(expected);
  else expect(judged).toEqual(expected);
});
