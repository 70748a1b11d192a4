import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ForeseenFailure } from './failure-reason.ts';

/**
 * The compiled file that a process or thread begins with. When this very code runs from its TypeScript source, as in tests, the
 * build's output stands in for it. Throws if there is none.
 */
export function compiledEntry(name: 'node/process-entry' | 'node/thread-entry' | 'measure/sweep-entry'): string {
  const fromSource = import.meta.url.endsWith('.ts');
  const url = fromSource ? `../../dist/harness/${name}.js` : `../${name}.js`;
  const file = fileURLToPath(new URL(url, import.meta.url));
  if (existsSync(file)) return file;
  throw new ForeseenFailure(
    `processes and threads run from compiled code, and ${file} is missing: run 'npm run build' first`,
  );
}
