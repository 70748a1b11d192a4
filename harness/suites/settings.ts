import { z } from 'zod';
import { DEFAULT_SUITE } from '../../src/crypto/suites.ts';
import { integerList } from './integer-list.ts';
import { typeMessage } from './type-message.ts';

const optionValues = z.record(z.string().min(1), z.unknown());

const number = () => z.number(typeMessage('must be a number'));
const wholeNumber = () => z.int(typeMessage('must be a whole number'));

/** One protocol with one set of options; a bare name stands for the protocol's defaults. */
const protocolEntry = z.preprocess(
  (input) => (typeof input === 'string' ? { protocol: input } : input),
  z.strictObject({
    protocol: z.string().describe('name of a registered protocol'),
    variant: z
      .string()
      .regex(/^[\w .+-]{1,40}$/, 'a variant name has 1 to 40 letters, digits, spaces, or any of . + - _')
      .optional()
      .describe('what results and figures call this set of options'),
    options: optionValues.default({}).describe("the protocol's options, as `qu-bench list protocols` names them"),
  }),
);

export type ProtocolEntry = z.output<typeof protocolEntry>;

/** Every setting of a measurement. Each is a key of a suite file and, by the name that `flag` gives, a flag of `qu-bench run`. */
export const settings = z.strictObject({
  protocols: z.array(protocolEntry).min(1).describe('protocols to compare, with named sets of options'),
  options: z
    .record(z.string().min(1), optionValues)
    .describe('options by protocol that win over those of all its variants'),
  faults: integerList('faults', 1, 50).describe('Byzantine replicas tolerated: 3, 1..3 or [1, 2, 5]'),
  runtime: z.string().describe('how nodes run'),
  service: z.string().describe('replicated service'),
  serviceOptions: optionValues.describe("the service's options"),
  mac: z.string().describe('MAC suite of all protocols'),
  clients: integerList('clients', 1, 10_000).describe('numbers of clients; a peak is the best over them'),
  outstanding: z
    .int('must be a whole number')
    .min(1)
    .max(1_000)
    .describe('operations that each client keeps under way'),
  drivers: wholeNumber().min(1).max(64).describe('nodes over which the clients are spread'),
  objects: z
    .enum(['private', 'shared'])
    .describe('an object (kv: a set of keys, nfs: a tree) for each outstanding operation, or one for all'),
  queryShare: number().min(0).max(1).describe('share of operations that are queries, 0 … 1'),
  warmupSeconds: number().min(0).max(3_600).describe('seconds of load before the window, at most'),
  durationSeconds: number().min(0.001).max(86_400).describe('seconds of the measured window'),
  cooldownSeconds: number().min(0).max(3_600).describe('seconds of load after the window'),
  repeat: wholeNumber().min(1).max(1_000).describe('how often each point is measured'),
  topology: z
    .string()
    .min(1)
    .describe('where simulated nodes run: a shipped topology, or the path of a YAML file; real nodes share this host'),
  costs: z
    .string()
    .min(1)
    .describe("cost profile of simulated nodes: a shipped one, or a file that 'qu-bench calibrate' wrote"),
  simCrypto: z
    .enum(['modelled', 'real'])
    .describe('simulated nodes only charge MACs and digests, or compute them too; counts and times are the same'),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .describe('seed of the first repeat; each further repeat has the next one'),
});

export type Settings = z.output<typeof settings>;
export type SettingName = keyof Settings;

export const settingNames = Object.keys(settings.shape) as readonly SettingName[];

/** What the clients ask for. A suite that compares several lists what differs from its own keys in each. */
const workload = settings.pick({ service: true, serviceOptions: true, objects: true, queryShare: true });
const workloads = z
  .array(workload.partial())
  .min(1)
  .describe('workloads, each as far as it differs from the keys above');

export type Workload = z.output<typeof workload>;
export const workloadKeys = Object.keys(workload.shape) as readonly (keyof Workload)[];
export type WorkloadEntry = { readonly [Key in keyof Workload]?: Workload[Key] | undefined };

/** Settings with every workload in full. */
export interface ResolvedSettings extends Settings {
  readonly workloads: readonly Workload[];
}

const DEFAULT_WORKLOAD: Workload = { service: 'counter', serviceOptions: {}, objects: 'private', queryShare: 0 };

/** The runtime whose nodes a topology places and a cost profile charges. */
export const SIMULATED = 'sim';

/** The topology of every real run, and of simulated ones that ask for no other. */
export const SHARED_HOST = 'shared-host';

/** In force where neither a suite nor a flag says otherwise. */
export const DEFAULTS: ResolvedSettings = {
  protocols: [{ protocol: 'unreplicated', options: {} }],
  options: {},
  faults: [1],
  runtime: 'process',
  ...DEFAULT_WORKLOAD,
  workloads: [DEFAULT_WORKLOAD],
  mac: DEFAULT_SUITE,
  clients: [16],
  outstanding: 1,
  drivers: 2,
  warmupSeconds: 2,
  durationSeconds: 5,
  cooldownSeconds: 0.2,
  repeat: 3,
  topology: SHARED_HOST,
  costs: 'reference',
  simCrypto: 'modelled',
  seed: 1,
};

export const overrides = settings.partial();
export type Overrides = { readonly [Name in SettingName]?: Settings[Name] | undefined };

const suiteName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'a suite name has 1 to 40 small letters, digits and hyphens');

/** A suite that is run as part of another: by its name, or with settings that differ and a name that tells it from the original. */
const part = z.union([
  z.string(),
  z.strictObject({
    suite: z.string().describe('a shipped suite, or a YAML file, by its path from the file that names it'),
    name: suiteName,
    settings: overrides.extend({ workloads: workloads.optional() }).describe('settings that differ in this part'),
  }),
]);
export type Part = z.output<typeof part>;

/** A suite file. `short` holds what differs in the short form. */
export const suiteFile = overrides.extend({
  name: suiteName,
  parts: z
    .array(part)
    .min(1)
    .optional()
    .describe('suites that are run one after the other; a suite of parts has no settings of its own'),
  title: z.string().min(1).max(120).describe('one line that names the comparison'),
  summary: z.string().min(1).describe('what the suite shows and how'),
  workloads: workloads.optional(),
  short: overrides
    .extend({ workloads: workloads.optional() })
    .optional()
    .describe('settings that differ in the short form'),
  simulated: overrides
    .extend({ workloads: workloads.optional() })
    .optional()
    .describe(
      'settings that differ where the runtime is sim: time is virtual, no code warms up, and no noise asks for repeats',
    ),
});

/** What will be run: the suite, its short form and the flags laid over one another, all checked. */
export interface Suite extends ResolvedSettings {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
}
