import { z } from 'zod';
import { typeMessage } from '../suites/type-message.ts';

/** Changed when a profile of before would be read wrongly. */
export const PROFILE_FORMAT = 1;

const microseconds = z.number(typeMessage('must be a number')).min(0, 'must not be negative').max(1e9);

/** What one operation costs: `us` each time, and `usPerKilobyte` for every 1,024 bytes that it works on. */
const cost = z.strictObject({
  us: microseconds.describe('µs each time'),
  usPerKilobyte: microseconds.default(0).describe('µs for each 1,024 bytes'),
  spread: z
    .number()
    .min(0)
    .optional()
    .describe('median deviation of the samples over their median; measured profiles only'),
  source: z.string().min(1).optional().describe('where a published number stands, or how it follows from such'),
});
export type Cost = z.output<typeof cost>;

/** Protocols look at what stands in a message for each replica: time grows with their number, and not with the bytes of a client's argument. */
const stepCost = cost.extend({
  usPerReplica: microseconds.default(0).describe('µs for each replica of the deployment'),
});
export type StepCost = z.output<typeof stepCost>;

/** What a participant's step costs beside the operations that are counted one by one: the protocol's own logic, by what set it off. */
const stepCosts = z.strictObject({
  received: z
    .record(z.string(), stepCost)
    .describe("a message, by its kind's name; `*` for all kinds that are not named. Bytes: the message's"),
  invoke: stepCost.describe('the beginning of an operation at a client'),
  expire: stepCost.describe('the expiry of a timer'),
  send: cost.describe('the making of a message, beside its encoding; once, however many receivers it has'),
  execution: cost.describe('the handling of an operation that a replica executes, beside the execution'),
});
export type StepCosts = z.output<typeof stepCosts>;

/** A protocol's costs by role. */
const protocolSteps = z.strictObject({ replica: stepCosts, client: stepCosts });

/** A node that wakes finds in its core's caches what others have left there; the more they are, up to a number, the less of its own. */
const wakeCost = cost.extend({
  usPerNeighbour: microseconds.default(0).describe('µs for each other node that shares the core, up to 5'),
});

/** Nodes that share a core beyond this number take nothing more from a cache that is lost already. */
const MOST_NEIGHBOURS = 5;

/** Other nodes that share a node's core, as far as they add to the cost of waking. */
export function neighboursOf(nodesPerCore: number): number {
  return Math.min(MOST_NEIGHBOURS, Math.max(0, nodesPerCore - 1));
}

/** What draws evenly around a mean can be at most without being negative is 1/√3. */
export const MOST_JITTER = 0.5;
/** About what measured machines have; nobody publishes it. */
const DEFAULT_JITTER = 0.25;

/**
 * A way of carrying messages. A node works in turns: it wakes, reads what has come in over each connection, handles it message by message,
 * and writes to each connection what is to go out. Bytes: of messages with their frame headers.
 */
const transportCosts = z.strictObject({
  coalesces: z
    .boolean()
    .describe(
      'whether all that goes to one node in a turn is one write, and what has come in one read; false for datagrams',
    ),
  multicast: z
    .boolean()
    .optional()
    .describe('whether one message to several receivers is written and sent once, as by IP multicast; datagrams only'),
  steps: z
    .number()
    .min(0)
    .max(100)
    .default(1)
    .describe(
      'what steps take where every node is a process, over what they take with all participants in one; 1 if not known',
    ),
  turn: cost.describe('one turn of the event loop, beside what is done in it; comes after that'),
  jitter: z
    .number()
    .min(0)
    .max(MOST_JITTER)
    .default(DEFAULT_JITTER)
    .describe(
      'standard deviation of what a turn, and the waking of a core, take, over their mean; drawn evenly for each',
    ),
  wake: wakeCost.describe('CPU time for putting a node to sleep and waking it'),
  wakeIdleUs: microseconds.default(0).describe('µs more of CPU time of a node whose core was idle when it woke'),
  interruptUs: microseconds
    .default(0)
    .describe(
      'µs of CPU time of a sender that interrupts another core of its machine: an idle one, where its receiver sleeps, or who runs there instead',
    ),
  wakeLatencyUs: microseconds.describe(
    'µs from an arrival at a sleeping node until it runs on its core, which was idle, on average',
  ),
  read: cost.describe('one read from a connection'),
  receive: cost.describe('taking one message out of what was read, and handing it to its participant'),
  send: cost.describe('adding one message to what is to be written'),
  write: cost.describe('one write to a connection'),
});
export type TransportCosts = z.output<typeof transportCosts>;

const macCosts = z.strictObject({
  generate: cost.describe('one tag; bytes: what it is made over'),
  verify: cost.describe('one tag checked'),
  digest: cost.describe('one digest'),
});
export type MacCosts = z.output<typeof macCosts>;

const collectorCosts = z
  .strictObject({
    everyUs: microseconds
      .min(1)
      .describe('µs of CPU time of a node from the beginning of one pause to that of the next'),
    pauseUs: microseconds.describe('µs of one pause, on average'),
  })
  .refine(({ everyUs, pauseUs }) => pauseUs < everyUs, 'pauseUs must be below everyUs, which it is a part of');
export type CollectorCosts = z.output<typeof collectorCosts>;

/** By role; one that was not seen to pause is missing. */
const collectorProfile = z.strictObject({ replica: collectorCosts.optional(), client: collectorCosts.optional() });
export type CollectorProfile = z.output<typeof collectorProfile>;

/** What operations cost on some machine: what turns counts into times. */
export const costProfile = z.strictObject({
  format: z.literal(PROFILE_FORMAT, `must be ${PROFILE_FORMAT}`),
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{0,59}$/, 'a profile name has 1 to 60 small letters, digits, dots and hyphens'),
  summary: z.string().min(1),
  origin: z.enum(['measured', 'published']).describe('by `qu-bench calibrate`, or put together from published figures'),
  machine: z.strictObject({
    cpu: z.string(),
    cores: z.int().min(1),
    memoryMib: z.number().optional(),
    platform: z.string().optional(),
    probeUs: z
      .number()
      .positive()
      .optional()
      .describe('µs of the work that tells how fast the machine was (host-speed.ts)'),
  }),
  versions: z
    .record(z.string(), z.string())
    .default({})
    .describe('of this tool, node and libraries; measured profiles only'),
  date: z.string().optional().describe('when it was measured'),
  macs: z.record(z.string(), macCosts).describe('by MAC suite'),
  encode: cost.describe('encoding one message; once, however many receivers it has'),
  decode: cost.describe('decoding one message'),
  execute: z
    .record(z.string(), cost)
    .describe('one operation, by service; `*` for all that are not named. Bytes: argument and result'),
  steps: z.record(z.string(), protocolSteps).describe('by protocol; `*` for all that are not named'),
  collector: collectorProfile.optional().describe('pauses of the garbage collector, where the language has one'),
  transports: z.record(z.string(), transportCosts).describe('by name: unix and tcp are measured; udp'),
});
export type CostProfile = z.output<typeof costProfile>;
