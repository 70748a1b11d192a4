import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const script = new URL('./judge-benchmark.mjs', import.meta.url).pathname;
const header = 'protocol,variant,f,runtime,topology,verdict,verdict_reason';
const REAL = 'process,shared-host';

test.each([
  ['valid rows', [`qu,,1,${REAL},valid,`, `pbft,,1,${REAL},valid,`], 0],
  ['an unsteady row beside a valid one', [`qu,,1,${REAL},valid,`, `qu,,1,${REAL},invalid,never steady: slow`], 0],
  ['a point with unsteady rows only', [`qu,,1,${REAL},valid,`, `qu,,2,${REAL},invalid,never steady: slow`], 1],
  ['a row whose history is wrong', [`qu,,1,${REAL},valid,`, `qu,,1,${REAL},invalid,safety: value 3 twice`], 1],
  ['an unknown row', [`qu,,1,${REAL},valid,`, `qu,,1,${REAL},unknown,the check did not finish`], 1],
  ['a simulated row beside unsteady ones', [`qu,,1,${REAL},invalid,never steady`, 'qu,,1,sim,shared-host,valid,'], 1],
  ['no rows', [], 1],
])('%s', (_, rows, code) => {
  const directory = mkdtempSync(join(tmpdir(), 'judge-'));
  try {
    const path = join(directory, 'results.csv');
    writeFileSync(path, `${[header, ...rows].join('\n')}\n`);
    expect(spawnSync(process.execPath, [script, path]).status).toBe(code);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
