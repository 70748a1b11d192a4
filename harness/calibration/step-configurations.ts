/** A deployment whose steps are measured. */
export interface StepConfiguration {
  readonly faults: number;
  readonly clients: number;
  readonly queryShare: number;
  readonly tagBytes: number;
  readonly service: string;
  readonly serviceOptions: Readonly<Record<string, unknown>>;
  readonly protocolOptions: Readonly<Record<string, unknown>>;
}

const BASE = {
  queryShare: 0,
  tagBytes: 32,
  service: 'counter',
  serviceOptions: {},
  protocolOptions: {},
} satisfies Partial<StepConfiguration>;

/** Batching as it is at its two ends, for protocols that have these options; others are measured as they are. */
const variants: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  pbft: [
    { batchLimit: 1, window: 64 },
    { batchLimit: 64, window: 1 },
  ],
};

/** What is measured of a protocol: sizes, clients that come alone and together, queries, short tags. */
export function stepConfigurations(
  protocol: string,
  leastFaults: number,
  short: boolean,
): readonly StepConfiguration[] {
  const sizes = leastFaults === 0 ? [0] : short ? [1, 2] : [1, 2, 3];
  const least = sizes[0] ?? 0;
  const options = variants[protocol] ?? [{}];
  const load = options.flatMap((protocolOptions) => [
    ...sizes.map((faults) => ({ ...BASE, protocolOptions, faults, clients: 16 })),
    { ...BASE, protocolOptions, faults: least, clients: 1 },
    ...(short ? [] : [{ ...BASE, protocolOptions, faults: least, clients: 64 }]),
  ]);
  const queries = { ...BASE, faults: least, clients: 16, queryShare: 0.5 };
  const shortTags = { ...BASE, faults: sizes.at(-1) ?? 0, clients: 16, tagBytes: 8 };
  return short ? [...load, queries] : [...load, queries, shortTags];
}

export function configurationName({
  faults,
  clients,
  queryShare,
  tagBytes,
  protocolOptions,
}: StepConfiguration): string {
  const options = Object.entries(protocolOptions).map(([name, value]) => `${name}=${String(value)}`);
  return [
    `f=${faults}`,
    `${clients} ${clients === 1 ? 'client' : 'clients'}`,
    ...options,
    ...(queryShare > 0 ? [`${queryShare * 100} % queries`] : []),
    ...(tagBytes === BASE.tagBytes ? [] : [`tags of ${tagBytes} B`]),
  ].join(', ');
}
