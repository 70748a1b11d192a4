import { availableParallelism } from 'node:os';
import { checkerFor } from '../checkers/checkers.ts';
import { SIMULATED, type Suite } from '../suites/settings.ts';

const simulatedCrypto: Readonly<Record<Suite['simCrypto'], string>> = {
  modelled: 'charged, not computed',
  real: 'charged and computed',
};

/** What a reader must know to judge any number of a run; it stands in CONFIG and RESULTS alike. */
export function circumstances(suite: Suite): readonly (readonly [string, string])[] {
  const plural = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;
  return [
    [
      'load',
      `closed loop: each client begins an operation when one has ended; ${suite.outstanding} under way per client`,
    ],
    ['latency', 'from the invocation at a client to the result it accepted, for operations that ended in the window'],
    [
      'real?',
      suite.runtime === SIMULATED
        ? `simulated: virtual time on topology ${suite.topology}, computing costs what profile ${suite.costs} says, MACs and digests ${simulatedCrypto[suite.simCrypto]}`
        : `real nodes on one machine: loopback without network delay, replicas and clients share ${plural(availableParallelism(), 'core')}`,
    ],
    ['MAC suite', suite.mac],
    ...[...new Set(suite.workloads.map(({ service }) => service))].map(
      (service) => ['check', `${service}: ${checkerFor(service).summary}`] as const,
    ),
  ];
}
