// The compiler copies no YAML: put the shipped suites beside the compiled code that reads them.
import { cpSync, mkdirSync, readdirSync } from 'node:fs';

const from = new URL('../harness/suites/', import.meta.url);
const to = new URL('../dist/harness/suites/', import.meta.url);

mkdirSync(to, { recursive: true });
for (const file of readdirSync(from)) {
  if (file.endsWith('.yaml')) cpSync(new URL(file, from), new URL(file, to));
}
