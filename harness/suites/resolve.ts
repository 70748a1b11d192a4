import type { Catalog } from './catalog.ts';
import { settingsProblems } from './check.ts';
import { type Problem, pathText, UsageError } from './problem.ts';
import { DEFAULTS, type Overrides, type Settings, type Suite } from './settings.ts';
import type { LoadedSuite } from './suite-file.ts';

/** What was asked on the command line, over the suite; `flag` names the flag of a setting, for messages. */
export interface Flags {
  readonly overrides: Overrides;
  flag(setting: string): string;
}

/** Lays defaults, suite, its short form and flags over one another. Throws UsageError that says where the wrong value was written. */
export function resolveSuite(loaded: LoadedSuite, short: boolean, flags: Flags, catalog: Catalog): Suite {
  const { name, title, summary, short: shortForm, ...full } = loaded.content;
  if (short && shortForm === undefined) throw new UsageError(`--short: suite ${name} has no short form`);
  const shortened: Overrides = short ? (shortForm ?? {}) : {};
  const base = overlay(overlay(DEFAULTS, full), shortened);
  const settings = overlay(base, { ...flags.overrides, ...chosenProtocols(base, flags.overrides) });
  for (const problem of settingsProblems(settings, catalog)) {
    throw new UsageError(`${place(problem, loaded, shortened, flags)}: ${problem.message}`);
  }
  return { name, title, summary, ...settings };
}

function overlay(below: Settings, above: Overrides): Settings {
  const defined = Object.fromEntries(Object.entries(above).filter(([, value]) => value !== undefined));
  return { ...below, ...defined };
}

/** Protocols named by a flag come with the variants that the suite has for them. */
function chosenProtocols(base: Settings, flags: Overrides): Overrides {
  if (flags.protocols === undefined) return {};
  const protocols = flags.protocols.flatMap((asked) => {
    const variants = base.protocols.filter((entry) => entry.protocol === asked.protocol);
    return variants.length > 0 ? variants : [asked];
  });
  const names = new Set(protocols.map((entry) => entry.protocol));
  const kept = Object.entries(base.options).filter(([name]) => names.has(name));
  return { protocols, options: { ...Object.fromEntries(kept), ...flags.options } };
}

function place(problem: Problem, loaded: LoadedSuite, shortened: Overrides, flags: Flags): string {
  const setting = String(problem.path[0]);
  if (setting in flags.overrides) {
    // A flag's list has no lines to point at: the message names the entry.
    const inside = problem.path.slice(1);
    return `${flags.flag(setting)} ${typeof inside[0] === 'number' ? '' : pathText(inside)}`.trimEnd();
  }
  return loaded.locate(setting in shortened ? { ...problem, path: ['short', ...problem.path] } : problem);
}
