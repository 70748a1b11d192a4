import { UsageError } from '../suites/problem.ts';
import { keysOfSchema } from '../suites/schema-keys.ts';
import { pathOfNamed, type ShippedFiles, shippedNames } from '../suites/shipped-files.ts';
import { type LoadedYaml, loadYaml, parseYaml, type YamlSchema } from '../suites/yaml-file.ts';
import { topologyProblems } from './consistency.ts';
import { type Topology, topology } from './topology.ts';

const files: ShippedFiles = {
  kind: 'topology',
  folder: new URL('./', import.meta.url),
  ending: '.yaml',
  paths: /\.ya?ml$/,
  fileKind: 'a YAML file',
};

const schema: YamlSchema<Topology> = {
  kind: 'topology',
  schema: topology,
  keysAt: (path, content) => keysOfSchema(topology, path, content),
};

export function shippedTopologies(): readonly string[] {
  return shippedNames(files);
}

/** A shipped topology by its name, or one in a YAML file. Throws UsageError that says what is wrong with it, and in which line. */
export function loadTopology(name: string): Topology {
  return checked(loadYaml(pathOfNamed(name, files), schema));
}

/** `file` is for messages only. */
export function parseTopology(text: string, file: string): Topology {
  return checked(parseYaml(text, file, schema));
}

function checked({ content, locate }: LoadedYaml<Topology>): Topology {
  for (const problem of topologyProblems(content)) throw new UsageError(`${locate(problem)}: ${problem.message}`);
  return content;
}
