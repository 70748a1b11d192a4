import type { Catalog } from './catalog.ts';
import { settingsProblems } from './check.ts';
import { type Problem, pathText, UsageError } from './problem.ts';
import { DEFAULTS, type Overrides, type Settings, SIMULATED, type Suite } from './settings.ts';
import type { LoadedSuite } from './suite-file.ts';
import { workloadsOf } from './workloads.ts';

/** What was asked on the command line, over the suite; `flag` names the flag of a setting, for messages. */
export interface Flags {
  readonly overrides: Overrides;
  flag(setting: string): string;
}

/** Lays defaults, suite, its short form and flags over one another. Throws UsageError that says where the wrong value was written. */
export function resolveSuite(loaded: LoadedSuite, short: boolean, flags: Flags, catalog: Catalog): Suite {
  const {
    name,
    title,
    summary,
    parts,
    short: shortForm,
    simulated,
    workloads: fullWorkloads,
    ...full
  } = loaded.content;
  if (parts !== undefined) throw new UsageError(`suite ${name} is made of parts, and can't be a part itself`);
  if (short && shortForm === undefined) throw new UsageError(`--short: suite ${name} has no short form`);
  const shortened = short && shortForm !== undefined ? shortForm : {};
  const runtime = flags.overrides.runtime ?? shortened.runtime ?? full.runtime ?? DEFAULTS.runtime;
  const forms = { short: shortened, simulated: runtime === SIMULATED && simulated !== undefined ? simulated : {} };
  const {
    short: { workloads: shortWorkloads, ...inShort },
    simulated: { workloads: simulatedWorkloads, ...inSimulated },
  } = forms;
  const listed = simulatedWorkloads ?? shortWorkloads ?? fullWorkloads;
  const base = overlay(overlay(overlay(DEFAULTS, full), inShort), inSimulated);
  const settings = overlay(base, underFlags(base, flags.overrides));
  const workloads = workloadsOf(base, settings, listed ?? [{}], flags.overrides);
  for (const problem of settingsProblems(settings, listed === undefined ? [] : workloads, catalog)) {
    throw new UsageError(`${place(problem, loaded, forms, flags)}: ${problem.message}`);
  }
  return { name, title, summary, ...settings, workloads };
}

function overlay(below: Settings, above: Overrides): Settings {
  const defined = Object.fromEntries(Object.entries(above).filter(([, value]) => value !== undefined));
  return { ...below, ...defined };
}

/** Flags over the suite. Single options go over the suite's; a flag that changes what they belong to drops them. */
function underFlags(base: Settings, flags: Overrides): Overrides {
  const protocols = chosenProtocols(base, flags);
  const names = new Set(protocols.map((entry) => entry.protocol));
  const options: Record<string, Readonly<Record<string, unknown>>> = {};
  for (const [name, values] of Object.entries(base.options)) if (names.has(name)) options[name] = values;
  for (const [name, values] of Object.entries(flags.options ?? {})) options[name] = { ...options[name], ...values };
  const sameService = flags.service === undefined || flags.service === base.service;
  const serviceOptions = { ...(sameService ? base.serviceOptions : {}), ...flags.serviceOptions };
  return { ...flags, protocols, options, serviceOptions };
}

/** Protocols named by a flag come with the variants that the suite has for them. */
function chosenProtocols(base: Settings, flags: Overrides): Settings['protocols'] {
  if (flags.protocols === undefined) return base.protocols;
  return flags.protocols.flatMap((asked) => {
    const variants = base.protocols.filter((entry) => entry.protocol === asked.protocol);
    return variants.length > 0 ? variants : [asked];
  });
}

/** The forms of a suite that are in force; the one that is named last wins. */
type Forms = Readonly<Record<'short' | 'simulated', object>>;

function place(problem: Problem, loaded: LoadedSuite, forms: Forms, flags: Flags): string {
  const setting = String(problem.path[0]);
  if (setting in flags.overrides) {
    // A flag's list has no lines to point at: the message names the entry.
    const inside = problem.path.slice(1);
    return `${flags.flag(setting)} ${typeof inside[0] === 'number' ? '' : pathText(inside)}`.trimEnd();
  }
  const form = (['simulated', 'short'] as const).find((one) => setting in forms[one]);
  return loaded.locate(form === undefined ? problem : { ...problem, path: [form, ...problem.path] });
}
