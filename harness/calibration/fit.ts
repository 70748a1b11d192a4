import { fcnnlsVector } from 'ml-fcnnls';

/** One measurement: amounts of what was done, by name, and what all of it took together. */
export interface Observation {
  readonly amounts: ReadonlyMap<string, number>;
  readonly measured: number;
  /** A residual of this size counts as one. */
  readonly tolerance: number;
}

/**
 * What one unit of each name costs: the non-negative least squares solution (Lawson, Hanson: Solving Least Squares Problems, 1974; the
 * algorithm of Van Benthem, Keenan, 2004). Names that occur in no observation cost nothing.
 */
export function fitCosts(observations: readonly Observation[]): ReadonlyMap<string, number> {
  const names = [...new Set(observations.flatMap(({ amounts }) => [...amounts.keys()]))];
  const rows = observations.map(({ amounts, tolerance }) => names.map((name) => (amounts.get(name) ?? 0) / tolerance));
  // The solver's tolerances are absolute: columns of one length keep units out of the result.
  const lengths = names.map((_, column) => Math.hypot(...rows.map((row) => row[column] ?? 0)));
  const used = names
    .map((name, column) => ({ name, column, length: lengths[column] ?? 0 }))
    .filter((c) => c.length > 0);
  if (used.length === 0) return new Map(names.map((name) => [name, 0]));
  const solution = fcnnlsVector(
    rows.map((row) => used.map(({ column, length }) => (row[column] ?? 0) / length)),
    observations.map(({ measured, tolerance }) => measured / tolerance),
    { maxIterations: 100 * used.length, gradientTolerance: 1e-9 },
  ).K.to1DArray();
  const costs = new Map(names.map((name) => [name, 0]));
  for (const [index, { name, length }] of used.entries()) costs.set(name, (solution[index] ?? 0) / length);
  return costs;
}

/** What the amounts cost together. */
export function predicted(costs: ReadonlyMap<string, number>, amounts: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const [name, amount] of amounts) sum += amount * (costs.get(name) ?? 0);
  return sum;
}

/** A mean time of something that works on that many bytes. */
export interface SizedTime {
  readonly bytes: number;
  readonly us: number;
}

export interface FittedLine {
  readonly us: number;
  readonly usPerKilobyte: number;
}

/** A time each, and a time for each kilobyte; all sizes count alike, by their relative errors. */
export function fitLine(times: readonly SizedTime[]): FittedLine {
  const costs = fitCosts(
    times.map(({ bytes, us }) => ({
      amounts: new Map([
        ['each', 1],
        ['kilobytes', bytes / 1024],
      ]),
      measured: us,
      tolerance: us,
    })),
  );
  return { us: costs.get('each') ?? 0, usPerKilobyte: costs.get('kilobytes') ?? 0 };
}
