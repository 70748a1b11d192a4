import { median } from '../metrics/median.ts';

/** How well the costs that were fitted tell what a configuration takes. */
export interface RunCheck {
  readonly name: string;
  /** µs of CPU time per operation, all participants together. */
  readonly measuredUs: number;
  readonly predictedUs: number;
}

/** The median of the relative errors. */
export function medianErrorOf(checks: readonly RunCheck[]): number {
  return median(checks.map(({ measuredUs, predictedUs }) => Math.abs(predictedUs / measuredUs - 1)));
}
