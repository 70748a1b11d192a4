import { randomStream, shuffled } from '../node/random.ts';
import type { Catalog } from './catalog.ts';
import { type Point, pointsOf } from './points.ts';
import type { Suite } from './settings.ts';

/** One point, measured once. */
export interface Measurement {
  readonly point: Point;
  /** From 1. */
  readonly repeat: number;
  readonly seed: number;
}

/** Keeps the shuffle's randomness apart from that of participants (0, 1, …) and network (−1). */
const SHUFFLE_STREAM = -1_000;

/**
 * All points once, then all again, so that a slow drift of the machine touches all alike; each time in an order of its own,
 * drawn from the seed, so that no point always follows the same other. All points of a repeat have one seed.
 */
export function schedule(points: readonly Point[], repeats: number, seed: number): readonly Measurement[] {
  const measurements: Measurement[] = [];
  for (let repeat = 1; repeat <= repeats; repeat++) {
    const random = randomStream(seed, SHUFFLE_STREAM - repeat);
    for (const point of shuffled(points, random)) measurements.push({ point, repeat, seed: seed + repeat - 1 });
  }
  return measurements;
}

/** Everything that a suite measures, in order: the same wherever it is asked. */
export function measurementsOf(suite: Suite, catalog: Catalog): readonly Measurement[] {
  return schedule(pointsOf(suite, catalog), suite.repeat, suite.seed);
}
