import { availableParallelism } from 'node:os';
import { UsageError } from '../suites/problem.ts';
import { SHARED_HOST } from '../suites/settings.ts';
import { loadTopology } from './shipped-topologies.ts';
import type { Topology } from './topology.ts';

/** What carries the messages of real nodes, by runtime: what a cost profile may know. */
const transports: ReadonlyMap<string, string> = new Map([
  ['process', 'unix'],
  ['process-tcp', 'tcp'],
]);

/** This machine, as the nodes of a real runtime share it. Throws UsageError if it cannot be simulated. */
export function thisHost(runtime: string): Topology {
  const transport = transports.get(runtime);
  if (transport === undefined) {
    const known = [...transports.keys()].join(' or ');
    throw new UsageError(
      `--runtime: only ${known} can be predicted; no cost profile knows how ${runtime} carries messages`,
    );
  }
  const shipped = loadTopology(SHARED_HOST);
  if (shipped.kind !== 'shared-host') throw new Error(`topology ${SHARED_HOST} shares no host`);
  return { ...shipped, cores: availableParallelism(), transport };
}
