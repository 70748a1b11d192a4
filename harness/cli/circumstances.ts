import { availableParallelism } from 'node:os';
import { checkerFor } from '../checkers/checkers.ts';
import type { SimulationSpec } from '../runtimes/runtime.ts';
import type { PlannedRun } from './planned-run.ts';

const simulatedCrypto: Readonly<Record<SimulationSpec['crypto'], string>> = {
  modelled: 'charged, not computed',
  real: 'charged and computed',
};

/** What a reader must know to judge any number of a run; it stands in CONFIG and RESULTS alike. */
export function circumstances([{ suite, simulation }, ...predictions]: readonly [
  PlannedRun,
  ...PlannedRun[],
]): readonly (readonly [string, string])[] {
  const plural = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;
  return [
    [
      'load',
      `closed loop: each client begins an operation when one has ended; ${suite.outstanding} under way per client`,
    ],
    ['latency', 'from the invocation at a client to the result it accepted, for operations that ended in the window'],
    [
      'real?',
      simulation !== undefined
        ? `simulated: virtual time ${simulationText(simulation)}`
        : `real nodes on one machine: loopback without network delay, replicas and clients share ${plural(availableParallelism(), 'core')}`,
    ],
    ...predictions.map((run) => ['predicted', predictionText(run)] as const),
    ['MAC suite', suite.mac],
    ...[...new Set(suite.workloads.map(({ service }) => service))].map(
      (service) => ['check', `${service}: ${checkerFor(service).summary}`] as const,
    ),
  ];
}

function predictionText({ suite, simulation }: PlannedRun): string {
  const where = simulation === undefined ? '' : simulationText(simulation);
  const drivers = `${suite.drivers} driver node${suite.drivers === 1 ? '' : 's'}`;
  return `the same points simulated ${where}; ${drivers}, ${suite.durationSeconds} s of virtual time`;
}

/** Where, and with whose costs: simulated numbers hold for these alone. */
function simulationText({ topology, costs, crypto }: SimulationSpec): string {
  const profile = `${costs.name} (${costs.origin}, ${costs.machine.cpu})`;
  return `on topology ${topology.name}, computing costs what profile ${profile} says, MACs and digests ${simulatedCrypto[crypto]}`;
}
