import { z } from 'zod';
import { suggestion } from '../suites/nearest.ts';
import { typeMessage } from '../suites/type-message.ts';

const number = () => z.number(typeMessage('must be a number'));
const regionName = () => z.string(typeMessage('must be a name')).min(1);
const microseconds = number().min(0, 'must not be negative').max(1e8);

/** The message for a union whose `key` names no member of it. */
const noneOf = (key: string, what: string, names: readonly string[]) => ({
  error: (issue: { readonly code?: string; readonly input?: unknown }) => {
    if (issue.code !== 'invalid_union') return undefined;
    const { [key]: name } = z.record(z.string(), z.unknown()).catch({}).parse(issue.input);
    const there = `there are ${names.join(', ')}`;
    if (name === undefined) return `is missing; ${there}`;
    return `unknown ${what} '${String(name)}'${suggestion(String(name), names)}; ${there}`;
  },
});

/** A one-way delay's random part, drawn for every message. */
const jitter = z.discriminatedUnion(
  'distribution',
  [
    z.strictObject({ distribution: z.literal('uniform'), mostUs: microseconds.describe('µs: uniform from 0 to this') }),
    z.strictObject({ distribution: z.literal('exponential'), meanUs: microseconds }),
    z.strictObject({
      distribution: z.literal('normal'),
      deviationUs: microseconds.describe('µs; what would be negative counts as 0'),
    }),
  ],
  noneOf('distribution', 'distribution', ['uniform', 'exponential', 'normal']),
);
export type Jitter = z.output<typeof jitter>;

/** The network interface of every machine, and what a message costs on the wire beside its bytes. */
const networkInterface = z.strictObject({
  megabitsPerSecond: number().positive('must be above 0').describe('in each direction'),
  packetBytes: z
    .int(typeMessage('must be a whole number'))
    .min(64)
    .default(1_460)
    .describe('payload bytes that a packet carries'),
  packetOverheadBytes: z
    .int(typeMessage('must be a whole number'))
    .min(0, 'must not be negative')
    .default(78)
    .describe('bytes on the wire beside the payload of a packet: all headers, preamble and gap'),
});

const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,39}$/, 'a topology name has 1 to 40 small letters, digits, dots and hyphens');
const common = {
  name,
  summary: z.string().min(1),
  transport: z
    .string(typeMessage('must be a name'))
    .describe("which of the cost profile's transports carries messages"),
};
const loss = number()
  .min(0, 'must not be negative')
  .max(1)
  .default(0)
  .describe('probability that a packet is lost; a datagram is with it, a stream repeats it');

/** All nodes share the cores of one machine. */
const sharedHost = z.strictObject({
  ...common,
  kind: z.literal('shared-host'),
  cores: z
    .int(typeMessage('must be a whole number'))
    .min(1)
    .max(1_024)
    .describe('cores that all nodes share; a node uses one at a time'),
  timeSliceUs: microseconds
    .optional()
    .describe(
      'µs that a node keeps a core while it has work and others wait; if not given, what Linux gives on so many cores',
    ),
});

/** A machine for every node, all on one switch. A node is one thread, so of its machine it uses one core. */
const lan = z.strictObject({
  ...common,
  kind: z.literal('lan'),
  interface: networkInterface,
  delayUs: microseconds.describe('µs one way, beside the time that the bytes take over interfaces and switch'),
  jitter: jitter.optional(),
  loss,
});

/** A machine for every node, in regions far from each other. */
const wan = z.strictObject({
  ...common,
  kind: z.literal('wan'),
  interface: networkInterface,
  regions: z.array(regionName()).min(1).describe('names of the regions'),
  delayMs: z
    .record(z.string(), z.record(z.string(), number().min(0, 'must not be negative').max(1e5)))
    .describe(
      'ms one way by region and region; a pair is named in one order at least, within a region it is 0 if not named',
    ),
  replicas: z
    .array(regionName())
    .min(1)
    .describe('regions of replica 0, 1, …, from the front again when they are used up'),
  drivers: z.array(regionName()).min(1).describe('regions of the client drivers, likewise'),
  jitter: jitter.optional(),
  loss,
});

/** Where nodes run and what lies between them. */
export const topology = z.discriminatedUnion(
  'kind',
  [sharedHost, lan, wan],
  noneOf('kind', 'kind of topology', ['shared-host', 'lan', 'wan']),
);
export type Topology = z.output<typeof topology>;
export type WideTopology = z.output<typeof wan>;
/** One whose nodes have machines of their own. */
export type NetworkedTopology = z.output<typeof lan> | WideTopology;

/** Whether messages go singly, and may be lost or overtake one another; else they are parts of a stream between two nodes. */
export function isDatagramTransport(transport: string): boolean {
  return transport === 'udp';
}
