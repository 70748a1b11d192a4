/** How one curve is drawn: colour, marker and dash all differ, so that a curve can be told in grey. */
export interface CurveStyle {
  readonly color: string;
  readonly shape: string;
  readonly dash: readonly number[];
}

/** Okabe & Ito, Color Universal Design; yellow is left out because it cannot be read on white. */
const colors = ['#0072B2', '#D55E00', '#009E73', '#E69F00', '#CC79A7', '#56B4E9', '#000000'];
const shapes = ['circle', 'square', 'triangle-up', 'diamond', 'cross', 'triangle-down'];
const dashes = [[], [5, 2], [1.5, 1.5], [6, 2, 1.5, 2], [3, 1.5]];

/** The lists' lengths have no common factor: styles repeat only after 210 curves. */
export function curveStyle(index: number): CurveStyle {
  return { color: cyclic(colors, index), shape: cyclic(shapes, index), dash: cyclic(dashes, index) };
}

function cyclic<Item>(items: readonly Item[], index: number): Item {
  const item = items[index % items.length];
  if (item === undefined) throw new RangeError('no styles');
  return item;
}
