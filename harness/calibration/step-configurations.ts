/** A deployment whose steps are measured. */
export interface StepConfiguration {
  readonly faults: number;
  readonly clients: number;
  readonly queryShare: number;
  readonly service: string;
  readonly serviceOptions: Readonly<Record<string, unknown>>;
  readonly protocolOptions: Readonly<Record<string, unknown>>;
}

/** A load of updates, in what the configurations do not say otherwise. */
export const BASE = { clients: 16, queryShare: 0, service: 'counter', serviceOptions: {}, protocolOptions: {} };

type ProtocolOptions = StepConfiguration['protocolOptions'];

const variants: Readonly<Record<string, readonly ProtocolOptions[]>> = {
  pbft: [
    { batchLimit: 1, window: 64 },
    { batchLimit: 64, window: 1 },
  ],
};

/** Batching as it is at its two ends, for protocols that have these options; others are measured as they are. */
export function variantsOf(protocol: string): readonly ProtocolOptions[] {
  return variants[protocol] ?? [{}];
}

/** As in the PBFT papers. */
const PAYLOAD_BYTES = 4096;

/**
 * What is measured of a protocol: several numbers of replicas with clients that come together, and alone; queries; and large arguments and
 * results, which tell what bytes cost from what replicas cost.
 */
export function stepConfigurations(
  protocol: string,
  leastFaults: number,
  short: boolean,
): readonly StepConfiguration[] {
  const sizes = leastFaults === 0 ? [0] : short ? [1, 2] : [1, 2, 3];
  const base = { ...BASE, faults: sizes[0] ?? 0 };
  const options = variantsOf(protocol);
  const load = options.flatMap((protocolOptions) => [
    ...sizes.map((faults) => ({ ...base, protocolOptions, faults })),
    { ...base, protocolOptions, clients: 1 },
  ]);
  if (short) return [...load, { ...base, queryShare: 0.5 }];
  return [
    ...load,
    ...options.map((protocolOptions) => ({ ...base, protocolOptions, clients: 64 })),
    { ...base, queryShare: 0.5 },
    { ...base, service: 'null', serviceOptions: { requestBytes: PAYLOAD_BYTES } },
    { ...base, service: 'null', serviceOptions: { replyBytes: PAYLOAD_BYTES } },
  ];
}

export function configurationName(configuration: StepConfiguration): string {
  const { faults, clients, queryShare, serviceOptions, protocolOptions } = configuration;
  const options = Object.entries({ ...protocolOptions, ...serviceOptions });
  return [
    `f=${faults}`,
    `${clients} ${clients === 1 ? 'client' : 'clients'}`,
    ...options.map(([name, value]) => `${name}=${String(value)}`),
    ...(queryShare > 0 ? [`${queryShare * 100} % queries`] : []),
  ].join(', ');
}
