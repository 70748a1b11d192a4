import type { Microseconds } from '../kernel/time.ts';
import type { ObjectOptions } from './options.ts';

type BackoffOptions = Pick<
  ObjectOptions,
  'backoff' | 'leastBackoffUs' | 'mostBackoffUs' | 'mostBackoffRounds' | 'fixedBackoffUs'
>;

/**
 * The bound of a client's random wait after `failures` rounds in a row without progress; `roundUs` is how long its rounds take. Zero is no
 * wait: the network's own randomness must then let one client through.
 *
 * Waits must spread over about as many rounds as clients contend for one to have the object to itself. Longer ones starve whoever waits: the
 * client that has just been served knows the newest history and goes on without a wait. Hence the bound in rounds on the exponential one.
 */
export function backoffBound(options: BackoffOptions, failures: number, roundUs: Microseconds): Microseconds {
  switch (options.backoff) {
    case 'exponential': {
      const { leastBackoffUs, mostBackoffUs, mostBackoffRounds } = options;
      const exponential = leastBackoffUs * 2 ** Math.min(failures - 1, 40);
      return Math.min(mostBackoffUs, Math.max(leastBackoffUs, mostBackoffRounds * roundUs), exponential);
    }
    case 'fixed':
      return options.fixedBackoffUs;
    case 'none':
      return 0;
  }
}
