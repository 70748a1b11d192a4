import type { Microseconds } from '../../../src/kernel/time.ts';
import type { RandomStream } from '../../node/random.ts';
import type { Jitter } from '../../topologies/topology.ts';

/** A draw of a delay's random part. */
export function jitterOf(jitter: Jitter | undefined): (random: RandomStream) => Microseconds {
  if (jitter === undefined) return () => 0;
  switch (jitter.distribution) {
    case 'uniform':
      return (random) => random() * jitter.mostUs;
    case 'exponential':
      // By inversion; a stream's numbers are below 1, so the logarithm is finite.
      return (random) => -jitter.meanUs * Math.log(1 - random());
    case 'normal':
      // Box and Muller's transform.
      return (random) => {
        const radius = Math.sqrt(-2 * Math.log(1 - random()));
        return Math.max(0, jitter.deviationUs * radius * Math.cos(2 * Math.PI * random()));
      };
  }
}

/** Draws around a mean, evenly, with that standard deviation over the mean; what would be negative does not occur. */
export function around(mean: number, deviation: number): (random: RandomStream) => number {
  if (deviation === 0) return () => mean;
  const half = Math.min(1, Math.sqrt(3) * deviation);
  return (random) => mean * (1 + half * (2 * random() - 1));
}
