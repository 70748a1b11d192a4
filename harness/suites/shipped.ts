import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { suggestion } from './nearest.ts';
import { UsageError } from './problem.ts';

const FOLDER = new URL('./', import.meta.url);
const ENDING = '.yaml';

/** What `run` measures when no suite is named. */
export const DEFAULT_SHIPPED_SUITE = 'local';

/** Names of the suites that come with the tool. */
export function shippedSuites(): readonly string[] {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith(ENDING));
  return files.map((file) => file.slice(0, -ENDING.length)).sort();
}

/** The file of a suite that was named: a shipped one by its name, or a path. Throws UsageError. */
export function suitePath(name: string): string {
  if (shippedSuites().includes(name)) return fileURLToPath(new URL(`${name}${ENDING}`, FOLDER));
  if (/[/\\]|\.ya?ml$/.test(name) && existsSync(name)) return name;
  const names = shippedSuites();
  throw new UsageError(
    /[/\\]|\.ya?ml$/.test(name)
      ? `there is no suite file ${name}`
      : `unknown suite '${name}'${suggestion(name, names)}; there are ${names.join(', ')}, or give the path of a YAML file`,
  );
}
