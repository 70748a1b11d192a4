import { steadinessOf } from '../metrics/completions.ts';

/** A window with a fifth slower than this share of its median fifth was not steady. */
const LEAST_STEADINESS = 0.5;
/** Fewer operations than this tell nothing about steadiness: chance alone makes uneven fifths. */
const LEAST_OPERATIONS = 100;
/** A window whose every fifth was faster than the one before, the last by so much than the first, came too early. Chance does that once in 120. */
const LEAST_RISE = 0.1;

/** How even a window was. */
export type Steadiness =
  | { readonly kind: 'steady' }
  | { readonly kind: 'tooFewToTell' }
  /** `share`: operations of the slowest fifth over those of the median fifth; undefined if in most fifths none ended. */
  | { readonly kind: 'unsteady'; readonly share: number | undefined }
  /** Faster from fifth to fifth; `rise` is that of the last over the first. */
  | { readonly kind: 'rising'; readonly rise: number };

/** Judges a window by the operations that ended in each fifth of it. */
export function judgeSteadiness(fifths: readonly number[]): Steadiness {
  const operations = fifths.reduce((sum, each) => sum + each, 0);
  if (operations < LEAST_OPERATIONS) return { kind: 'tooFewToTell' };
  const share = steadinessOf(fifths);
  if (share === undefined || share < LEAST_STEADINESS) return { kind: 'unsteady', share };
  const rises = fifths.every((count, index) => index === 0 || count > (fifths[index - 1] ?? 0));
  const rise = (fifths.at(-1) ?? 0) / (fifths[0] ?? 0) - 1;
  return rises && rise >= LEAST_RISE ? { kind: 'rising', rise } : { kind: 'steady' };
}
