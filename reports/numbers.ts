/** How numbers are written for people. Files keep full precision and base units. */

/** What stands where a number is not known; never 0. A reason line belongs to each. */
export const UNKNOWN = '-';

/** From 100 on in whole units with thousands separators; `digits` significant digits below. */
export function shown(value: number | undefined, digits = 3): string {
  if (value === undefined) return UNKNOWN;
  if (Math.abs(value) >= 99.95) return Math.round(value).toLocaleString('en-US');
  return value.toLocaleString('en-US', { maximumSignificantDigits: digits });
}

/** A ratio as a change: 0.64 is `-36 %`. */
export function change(ratio: number | undefined): string {
  return ratio === undefined ? UNKNOWN : `${signedPercent(ratio)} %`;
}

/** Ends of an interval of ratios as changes: `[-38..-34 %]`; empty if there is none. */
export function changeInterval(interval: { readonly low: number; readonly high: number } | undefined): string {
  return interval === undefined ? '' : ` [${signedPercent(interval.low)}..${signedPercent(interval.high)} %]`;
}

/** `-36`, `+4`, `0`: a ratio as a change in percent. */
export function signedPercent(ratio: number): string {
  const percent = Math.round(100 * (ratio - 1));
  return percent > 0 ? `+${percent}` : `${percent === 0 ? 0 : percent}`;
}
