/** Prints "N passed, N failed" from vitest's JSON report. A test file that could not be loaded counts as one failed test. */
import { readFileSync } from 'node:fs';

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error('usage: count-tests.mjs REPORT.json');
const report = JSON.parse(readFileSync(path, 'utf8'));
const unloaded = report.testResults.filter(
  (/** @type {{ status: string, assertionResults: unknown[] }} */ file) =>
    file.status === 'failed' && file.assertionResults.length === 0,
).length;
process.stdout.write(`${report.numPassedTests} passed, ${report.numFailedTests + unloaded} failed\n`);
