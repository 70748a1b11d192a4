import { pathOfNamed, type ShippedFiles, shippedNames } from './shipped-files.ts';

const suites: ShippedFiles = {
  kind: 'suite',
  folder: new URL('./', import.meta.url),
  ending: '.yaml',
  paths: /\.ya?ml$/,
  fileKind: 'a YAML file',
};

/** What `run` measures when no suite is named. */
export const DEFAULT_SHIPPED_SUITE = 'local';

/** Names of the suites that come with the tool. */
export function shippedSuites(): readonly string[] {
  return shippedNames(suites);
}

/** The file of a suite that was named: a shipped one by its name, or a path. Throws UsageError. */
export function suitePath(name: string): string {
  return pathOfNamed(name, suites);
}
