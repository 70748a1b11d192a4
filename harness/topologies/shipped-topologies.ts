import { pathOfNamed, type ShippedFiles, shippedNames } from '../suites/shipped-files.ts';
import { loadYaml, type YamlSchema } from '../suites/yaml-file.ts';
import { type Topology, topology } from './topology.ts';

const files: ShippedFiles = {
  kind: 'topology',
  folder: new URL('./', import.meta.url),
  ending: '.yaml',
  paths: /\.ya?ml$/,
  fileKind: 'a YAML file',
};

const schema: YamlSchema<Topology> = { kind: 'topology', schema: topology, keysAt: () => [] };

export function shippedTopologies(): readonly string[] {
  return shippedNames(files);
}

/** A shipped topology by its name, or one in a YAML file. Throws UsageError that says what is wrong with it, and in which line. */
export function loadTopology(name: string): Topology {
  return loadYaml(pathOfNamed(name, files), schema).content;
}
