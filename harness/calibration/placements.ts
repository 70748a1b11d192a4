import { type StepConfiguration, stepConfigurations } from './step-configurations.ts';

/** A deployment whose nodes are processes on this machine, as in a real run. */
export interface Placement extends StepConfiguration {
  readonly protocol: string;
  readonly drivers: number;
}

const CLIENTS = [2, 32];

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
  const base = stepConfigurations(protocol, leastFaults, true);
  const variants = [...new Map(base.map((one) => [JSON.stringify(one.protocolOptions), one])).values()];
  const sizes = leastFaults === 0 ? [0] : short ? [1] : [1, 3];
  return variants.flatMap((variant) =>
    sizes.flatMap((faults) =>
      (faults <= 1 ? [1, ...CLIENTS] : CLIENTS).map((clients) => ({
        ...variant,
        protocol,
        faults,
        clients,
        queryShare: 0,
        drivers: Math.min(2, clients),
      })),
    ),
  );
}
