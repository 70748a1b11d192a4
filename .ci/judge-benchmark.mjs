// Judges the benchmark's rows where the benchmark did not: a machine whose other work disturbs a measurement makes a row "never steady",
// which is no fault of the code. Anything else that is not valid is, and so is a protocol at some f without a single valid row.
import { readFileSync } from 'node:fs';
import { argv, exit, stderr } from 'node:process';
import { parse } from 'csv-parse/sync';

const [, , path] = argv;
const rows = parse(readFileSync(path), { columns: true });
const points = new Map();
const failures = [];
for (const { protocol, variant, f, runtime, topology, verdict, verdict_reason: reason } of rows) {
  const point = `${protocol} ${variant} f = ${f}, ${runtime} on ${topology}`;
  points.set(point, (points.get(point) ?? false) || verdict === 'valid');
  if (verdict !== 'valid' && !reason.startsWith('never steady')) failures.push(`${point}: ${verdict}: ${reason}`);
}
for (const [point, hasValid] of points) if (!hasValid) failures.push(`${point}: no valid row`);
if (points.size === 0) failures.push('no rows');
for (const failure of failures) stderr.write(`benchmark: ${failure}\n`);
exit(failures.length === 0 ? 0 : 1);
