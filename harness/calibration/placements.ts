import { BASE, type StepConfiguration, variantsOf } from './step-configurations.ts';

/** A deployment whose nodes are processes on this machine, as in a real run. */
export interface Placement extends StepConfiguration {
  readonly protocol: string;
  readonly drivers: number;
}

const CLIENTS = [2, 8, 32];
/**
 * One client of one server is measured three times, between the others, while the machine's speed changes: one measurement alone says little of how much
 * round trips differ. It also counts three times in the fit, as the only load in which every wake finds an idle core.
 */
const CLIENTS_OF_SERVER = [1, 2, 1, 8, 1, 32];

export function placementsOf(
  protocols: readonly { readonly name: string; readonly leastFaults: number }[],
  short: boolean,
): readonly Placement[] {
  return protocols.flatMap(({ name, leastFaults }) => ofProtocol(name, leastFaults, short));
}

/**
 * Few clients and many, so that sleep is told from work, and one, with which cores are idle most; several numbers of replicas, so that few nodes to a
 * core are told from many. One client of one server tells how turns and waking differ in time.
 */
function ofProtocol(protocol: string, leastFaults: number, short: boolean): readonly Placement[] {
  const sizes = leastFaults === 0 ? [0] : short ? [1] : [1, 3];
  return variantsOf(protocol).flatMap((protocolOptions) =>
    sizes.flatMap((faults) =>
      clientsOf(faults).map((clients) => ({
        ...BASE,
        protocol,
        protocolOptions,
        faults,
        clients,
        drivers: Math.min(2, clients),
      })),
    ),
  );
}

function clientsOf(faults: number): readonly number[] {
  if (faults === 0) return CLIENTS_OF_SERVER;
  return faults === 1 ? [1, ...CLIENTS] : CLIENTS;
}
