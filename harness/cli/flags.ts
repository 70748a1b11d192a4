import { type Command, Option } from 'commander';
import { type Problem, problemsOf, UsageError } from '../suites/problem.ts';
import type { Flags } from '../suites/resolve.ts';
import { overrides, type SettingName, settingNames, settings } from '../suites/settings.ts';

/** How a setting is written on the command line. */
interface Flag {
  readonly flag: string;
  readonly placeholder: string;
  /** Turns the texts that were given into what a suite file would hold. Throws UsageError. */
  readonly read: (texts: readonly string[], flag: string) => unknown;
  readonly repeatable?: true;
}

/** Every setting has a flag: the compiler sees to it. */
const flags: Readonly<Record<SettingName, Flag>> = {
  protocols: { flag: '--protocols', placeholder: '<names>', read: names },
  faults: { flag: '--faults', placeholder: '<list>', read: lastText },
  runtime: { flag: '--runtime', placeholder: '<name>', read: lastText },
  service: { flag: '--service', placeholder: '<name>', read: lastText },
  serviceOptions: { flag: '--service-set', placeholder: '<key=value>', read: keyValues, repeatable: true },
  mac: { flag: '--mac', placeholder: '<suite>', read: lastText },
  clients: { flag: '--clients', placeholder: '<list>', read: lastText },
  outstanding: { flag: '--outstanding', placeholder: '<count>', read: lastNumber },
  drivers: { flag: '--drivers', placeholder: '<count>', read: lastNumber },
  objects: { flag: '--objects', placeholder: '<private|shared>', read: lastText },
  queryShare: { flag: '--queries', placeholder: '<share>', read: lastNumber },
  warmupSeconds: { flag: '--warmup', placeholder: '<seconds>', read: lastNumber },
  durationSeconds: { flag: '--duration', placeholder: '<seconds>', read: lastNumber },
  cooldownSeconds: { flag: '--cooldown', placeholder: '<seconds>', read: lastNumber },
  repeat: { flag: '--repeat', placeholder: '<count>', read: lastNumber },
  topology: { flag: '--topology', placeholder: '<name>', read: lastText },
  costs: { flag: '--costs', placeholder: '<profile>', read: lastText },
  simCrypto: { flag: '--sim-crypto', placeholder: '<modelled|real>', read: lastText },
  seed: { flag: '--seed', placeholder: '<number>', read: lastNumber },
  options: { flag: '--set', placeholder: '<protocol.option=value>', read: protocolOptions, repeatable: true },
};

/** Adds a flag for every setting; its description is the schema's. */
export function addSettingFlags(command: Command): void {
  const collect = (text: string, before: readonly string[] = []) => [...before, text];
  for (const name of settingNames) {
    const { flag, placeholder, repeatable } = flags[name];
    const again = repeatable === true ? '; repeatable' : '';
    const description = `${settings.shape[name].description ?? ''}${again} [${name}]`;
    command.addOption(new Option(`${flag} ${placeholder}`, description).argParser(collect));
  }
}

/** Checks what was given by the schema of suite files. Throws UsageError that names the flag. */
export function readFlags(given: Readonly<Record<string, unknown>>): Flags {
  const raw: Record<string, unknown> = {};
  for (const name of settingNames) {
    const { flag, read } = flags[name];
    const texts = given[attribute(flag)];
    if (Array.isArray(texts)) raw[name] = read(texts.map(String), flag);
  }
  const parsed = overrides.safeParse(raw);
  if (parsed.success) return { overrides: parsed.data, flag: flagOf };
  const problem: Problem | undefined = problemsOf(parsed.error.issues, () => settingNames)[0];
  throw new UsageError(`${flagOf(String(problem?.path[0]))}: ${problem?.message ?? 'not understood'}`);
}

function flagOf(setting: string): string {
  const name = settingNames.find((candidate) => candidate === setting);
  return name === undefined ? setting : flags[name].flag;
}

/** commander's name for an option's value. */
function attribute(flag: string): string {
  return new Option(flag).attributeName();
}

function lastText(texts: readonly string[]): string {
  return texts.at(-1) ?? '';
}

function lastNumber(texts: readonly string[], flag: string): number {
  const text = lastText(texts);
  const number = Number(text);
  if (text.trim() === '' || Number.isNaN(number)) throw new UsageError(`${flag}: '${text}' is not a number`);
  return number;
}

function names(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) => text.split(',')).map((name) => name.trim());
}

function keyValues(texts: readonly string[], flag: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(texts.map((text) => keyValue(text, flag, '<key=value>')));
}

function protocolOptions(texts: readonly string[], flag: string): Readonly<Record<string, Record<string, unknown>>> {
  const options: Record<string, Record<string, unknown>> = {};
  for (const text of texts) {
    const [path, value] = keyValue(text, flag, '<protocol.option=value>');
    const dot = path.indexOf('.');
    if (dot < 1 || dot === path.length - 1)
      throw new UsageError(`${flag}: '${text}' is not of the form <protocol.option=value>`);
    const protocol = path.slice(0, dot);
    options[protocol] = { ...options[protocol], [path.slice(dot + 1)]: value };
  }
  return options;
}

function keyValue(text: string, flag: string, form: string): readonly [string, unknown] {
  const equals = text.indexOf('=');
  if (equals < 1) throw new UsageError(`${flag}: '${text}' is not of the form ${form}`);
  return [text.slice(0, equals), scalar(text.slice(equals + 1))];
}

/** Numbers and truth values as such, everything else as text. */
function scalar(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
}
