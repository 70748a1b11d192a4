// The compiler copies neither YAML nor JSON: put what is shipped beside the compiled code that reads it.
import { cpSync, readdirSync } from 'node:fs';

for (const folder of ['harness/suites', 'harness/topologies', 'harness/costs/profiles']) {
  const from = new URL(`../${folder}/`, import.meta.url);
  const to = new URL(`../dist/${folder}/`, import.meta.url);
  for (const file of readdirSync(from)) {
    if (/\.(yaml|json)$/.test(file)) cpSync(new URL(file, from), new URL(file, to));
  }
}
