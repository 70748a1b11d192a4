import { Argument, Command } from 'commander';
import { ZodObject, type ZodType, z } from 'zod';
import { availableSuites, DEFAULT_SUITE, suiteNames, whyMissing } from '../../src/crypto/suites.ts';
import { loadCostProfile, shippedProfiles } from '../costs/shipped-profiles.ts';
import type { Catalog } from '../suites/catalog.ts';
import { shippedSuites, suitePath } from '../suites/shipped.ts';
import { loadSuite } from '../suites/suite-file.ts';
import { loadTopology, shippedTopologies } from '../topologies/shipped-topologies.ts';
import type { CliEnvironment } from './environment.ts';

/** One thing that a suite or a flag can name. */
interface Listed {
  readonly name: string;
  readonly summary: string;
  /** Options with their defaults; absent for things that have none of their own. */
  readonly options?: readonly ListedOption[];
}

interface ListedOption {
  readonly name: string;
  readonly default: unknown;
  /** Unit and meaning. */
  readonly description: string;
}

const lists: Readonly<Record<string, (catalog: Catalog) => readonly Listed[]>> = {
  protocols: ({ protocols }) =>
    protocols.map(({ name, title, reference, options }) => ({
      name,
      summary: `${title} (${reference})`,
      options: optionsOf(options),
    })),
  services: ({ services }) =>
    services.map(({ name, summary, options }) => ({ name, summary, options: optionsOf(options) })),
  suites: () => shippedSuites().map((name) => ({ name, summary: loadSuite(suitePath(name)).content.title })),
  runtimes: ({ runtimes }) => runtimes.map(({ name, summary }) => ({ name, summary })),
  macs: () => macs(),
  topologies: () => shippedTopologies().map((name) => ({ name, summary: loadTopology(name).summary })),
  costs: () => shippedProfiles().map(costs),
};

export function listCommand({ catalog, stdout }: CliEnvironment): Command {
  return new Command('list')
    .summary('what there is to choose from')
    .description('Lists what suites and flags can name, each with one line; protocols and services with their options.')
    .addArgument(new Argument('<kind>', 'what to list').choices(Object.keys(lists)))
    .option('--json', 'print JSON')
    .action((kind: string, flags: { readonly json?: true }) => {
      const listed = lists[kind]?.(catalog) ?? [];
      stdout.write(flags.json === true ? `${JSON.stringify(listed, null, 2)}\n` : textOf(listed));
    });
}

function textOf(listed: readonly Listed[]): string {
  const width = Math.max(...listed.map(({ name }) => name.length));
  return listed
    .flatMap(({ name, summary, options = [] }) => [
      `${name.padEnd(width)}  ${summary}`,
      ...options.map((option) => {
        return `${' '.repeat(width)}    ${option.name} = ${JSON.stringify(option.default)}: ${option.description}`;
      }),
    ])
    .map((line) => `${line}\n`)
    .join('');
}

function optionsOf(schema: ZodType): readonly ListedOption[] {
  if (!(schema instanceof ZodObject)) return [];
  const defaults = z.record(z.string(), z.unknown()).parse(schema.parse({}));
  return Object.entries(schema.shape).map(([name, option]) => ({
    name,
    default: defaults[name],
    description: option instanceof z.ZodType ? descriptionOf(option) : '',
  }));
}

/** A default wraps the schema that was described. */
function descriptionOf(schema: ZodType): string {
  if (schema.description !== undefined) return schema.description;
  return schema instanceof z.ZodDefault && schema.def.innerType instanceof z.ZodType
    ? descriptionOf(schema.def.innerType)
    : '';
}

function costs(name: string): Listed {
  const { summary, origin, machine } = loadCostProfile(name);
  return { name, summary: `${summary} (${origin}; ${machine.cpu})` };
}

function macs(): readonly Listed[] {
  const available = availableSuites();
  return suiteNames.map((name) => {
    const suite = available.find((candidate) => candidate.name === name);
    const isDefault = name === DEFAULT_SUITE ? ' (default)' : '';
    return {
      name,
      summary: `${suite?.summary ?? whyMissing()}${isDefault}`,
    };
  });
}
