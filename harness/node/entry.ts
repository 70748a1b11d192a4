import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ForeseenFailure } from './failure-reason.ts';

/** The compiled file that a node begins with. */
export function nodeEntry(name: 'process-entry' | 'thread-entry'): string {
  return compiledEntry('node', name);
}

/**
 * The compiled file of that name in a folder beside this one. When this very code runs from its TypeScript source, as in tests, the
 * build's output stands in for it. Throws if there is none.
 */
export function compiledEntry(folder: string, name: string): string {
  const fromSource = import.meta.url.endsWith('.ts');
  const url = fromSource ? `../../dist/harness/${folder}/${name}.js` : `../${folder}/${name}.js`;
  const file = fileURLToPath(new URL(url, import.meta.url));
  if (existsSync(file)) return file;
  throw new ForeseenFailure(`nodes run from compiled code, and ${file} is missing: run 'npm run build' first`);
}
