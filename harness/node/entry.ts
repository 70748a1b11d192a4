import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ForeseenFailure } from './failure-reason.ts';

/**
 * The compiled file that a node begins with. When this very code runs from its TypeScript source, as in tests, the
 * build's output stands in for it. Throws if there is none.
 */
export function nodeEntry(name: 'process-entry' | 'thread-entry'): string {
  const fromSource = import.meta.url.endsWith('.ts');
  const url = fromSource ? `../../dist/harness/node/${name}.js` : `./${name}.js`;
  const file = fileURLToPath(new URL(url, import.meta.url));
  if (existsSync(file)) return file;
  throw new ForeseenFailure(`nodes run from compiled code, and ${file} is missing: run 'npm run build' first`);
}
