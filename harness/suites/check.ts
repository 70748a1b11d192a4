import { ZodObject, type ZodType } from 'zod';
import { macSuite, suiteNames } from '../../src/crypto/suites.ts';
import type { Catalog } from './catalog.ts';
import { suggestion } from './nearest.ts';
import { type Problem, problemsOf } from './problem.ts';
import { type Settings, SHARED_HOST, SIMULATED, type Workload } from './settings.ts';

/** What the schema cannot know: whether the names exist, and whether the options suit what they are for. */
export function* settingsProblems(
  settings: Settings,
  workloads: readonly Workload[],
  catalog: Catalog,
): Generator<Problem> {
  yield* unknownName(catalog.runtimes, 'runtime', settings.runtime, ['runtime']);
  yield* serviceProblems(settings, catalog, []);
  for (const [index, workload] of workloads.entries()) yield* serviceProblems(workload, catalog, ['workloads', index]);
  yield* macProblems(settings);
  yield* topologyProblems(settings);
  for (const [index, entry] of settings.protocols.entries()) {
    yield* protocolProblems(settings, catalog, index, entry.protocol, entry.options);
  }
  const listed = settings.protocols.map((entry) => entry.protocol);
  for (const name of Object.keys(settings.options)) {
    if (listed.includes(name)) continue;
    yield* unknownName(catalog.protocols, 'protocol', name, ['options', name]);
    yield { path: ['options', name], message: `${name} is not among the protocols of this run: ${listed.join(', ')}` };
  }
}

function* unknownName(
  entries: readonly { readonly name: string }[],
  kind: string,
  name: string,
  path: Problem['path'],
): Generator<Problem> {
  const names = entries.map((entry) => entry.name);
  if (names.includes(name)) return;
  yield { path, message: `unknown ${kind} '${name}'${suggestion(name, names)}; there are ${names.join(', ')}` };
}

function* serviceProblems(
  { service: name, serviceOptions }: Pick<Workload, 'service' | 'serviceOptions'>,
  catalog: Catalog,
  path: Problem['path'],
): Generator<Problem> {
  yield* unknownName(catalog.services, 'service', name, [...path, 'service']);
  const service = catalog.services.find((candidate) => candidate.name === name);
  if (service === undefined) return;
  yield* optionProblems(service.options, serviceOptions, `service ${name}`, [...path, 'serviceOptions']);
}

function* macProblems(settings: Settings): Generator<Problem> {
  try {
    macSuite(settings.mac);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    yield { path: ['mac'], message: message.replace(/(?<=')(?=;)/, suggestion(settings.mac, suiteNames)) };
  }
}

/** Whether topology and profile can be read, and hold together, shows when they are loaded. */
function* topologyProblems({ runtime, topology }: Settings): Generator<Problem> {
  if (runtime === SIMULATED || topology === SHARED_HOST) return;
  const message = `real nodes run on this host; '${topology}' needs runtime ${SIMULATED}`;
  yield { path: ['topology'], message };
}

function* protocolProblems(
  settings: Settings,
  catalog: Catalog,
  index: number,
  name: string,
  options: Readonly<Record<string, unknown>>,
): Generator<Problem> {
  yield* unknownName(catalog.protocols, 'protocol', name, ['protocols', index, 'protocol']);
  const protocol = catalog.protocols.find((candidate) => candidate.name === name);
  if (protocol === undefined) return;
  yield* optionProblems(protocol.options, options, name, ['protocols', index, 'options']);
  yield* optionProblems(protocol.options, settings.options[name] ?? {}, name, ['options', name]);
  const both = { ...options, ...settings.options[name] };
  yield* optionProblems(protocol.options, both, name, ['protocols', index, 'options']);
  const tooFew = settings.faults.find((faults) => faults < protocol.leastFaults);
  if (tooFew !== undefined) {
    yield { path: ['faults'], message: `${name} needs f of at least ${protocol.leastFaults}, not ${tooFew}` };
  }
}

function* optionProblems(
  schema: ZodType,
  options: Readonly<Record<string, unknown>>,
  owner: string,
  path: Problem['path'],
): Generator<Problem> {
  const parsed = schema.safeParse(options);
  if (parsed.success) return;
  const known = schema instanceof ZodObject ? Object.keys(schema.shape) : [];
  for (const problem of problemsOf(parsed.error.issues, () => known)) {
    const message =
      problem.atKey === true
        ? `${owner} has no option '${String(problem.path.at(-1))}'${suggestion(String(problem.path.at(-1)), known)}` +
          (known.length === 0 ? '; it has none' : `; it has ${known.join(', ')}`)
        : problem.message;
    yield { ...problem, path: [...path, ...problem.path], message };
  }
}
