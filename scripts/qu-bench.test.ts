import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { rowsOf } from '../harness/cli/testing/command-line.ts';

/** What `npm run build` makes of the entry point, as it is installed: real processes, real signals. */
const ENTRY = fileURLToPath(new URL('../dist/scripts/qu-bench.js', import.meta.url));

let folder: string;
beforeEach(() => {
  if (!existsSync(ENTRY)) throw new Error(`${ENTRY} is missing: npm run build`);
  folder = mkdtempSync(join(tmpdir(), 'qu-bench-e2e-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Running {
  readonly child: ChildProcess;
  /** Resolves as soon as stderr holds the text. */
  said(text: string): Promise<void>;
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

function start(...arguments_: readonly string[]): Running {
  return startProgram(process.execPath, [ENTRY, ...arguments_]);
}

function startProgram(program: string, arguments_: readonly string[]): Running {
  const child = spawn(program, arguments_, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  const waiting: (() => void)[] = [];
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
    for (const wake of waiting) wake();
  });
  const ended = new Promise<Awaited<Running['ended']>>((resolve) => {
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  const said = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const check = () => {
        if (stderr.includes(text)) resolve();
      };
      waiting.push(check);
      check();
      ended.then(() => reject(new Error(`ended without saying '${text}': ${stderr}`)));
    });
  return { child, said, ended };
}

/** Processes that descend from one, with their command lines. Linux only. */
function childrenOf(parent: number): readonly { readonly pid: number; readonly command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const status = readFileSync(`/proc/${name}/stat`, 'utf8');
        const parentOf = Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[1]);
        if (parentOf !== parent) return [];
        return [
          { pid: Number(name), command: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() },
        ];
      } catch {
        return [];
      }
    });
}

function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

const BRIEF = ['--warmup', '0.2', '--duration', '0.3', '--cooldown', '0', '--clients', '4', '--out', 'out'];
const QUICK = ['--protocols', 'unreplicated', ...BRIEF];
const linuxOnly = test.runIf(process.platform === 'linux');

describe('the installed command', () => {
  test('measures in real processes and writes the whole report', async () => {
    const { code, stdout, stderr } = await start('run', '--repeat', '1', ...QUICK).ended;
    // A busy machine may make the window unsteady; whatever else is not valid is the code's fault.
    if (code !== 0) expect(stderr).toContain('never steady');
    expect(stdout).toContain('CONFIG\n');
    expect(stdout).toContain('RESULTS\n');
    const [row] = rowsOf(join(folder, 'out'));
    const verdict = code === 0 ? 'valid' : 'invalid';
    expect(row).toMatchObject({ runtime: 'process', verdict, macs_per_handled_op_busiest: '2' });
    expect(Number(row?.['cpu_us_per_op_busiest'])).toBeGreaterThan(0);
    expect(readdirSync(join(folder, 'out'))).toEqual(
      expect.arrayContaining(['manifest.json', 'results.csv', 'suite.yaml', 'summary.csv']),
    );
    expect((await start('report', 'out').ended).code).toBe(code);
  }, 60_000);

  test('runs replicated protocols in real processes, and their histories are linearizable', async () => {
    const replicated = ['--protocols', 'qu,pbft', '--faults', '1', '--repeat', '1'];
    const { stdout, stderr } = await start('run', ...BRIEF, ...replicated).ended;
    expect(stdout).toContain('RESULTS\n');
    const rows = rowsOf(join(folder, 'out'));
    expect(rows.map((row) => row['protocol']).sort(), stderr).toEqual(['pbft', 'qu']);
    for (const row of rows) {
      // A busy machine may make a window unsteady; nothing may break safety, lose operations or end a node.
      expect(row['verdict_reason']).not.toMatch(/safety/);
      expect(row).toMatchObject({ runtime: 'process', f: '1', incomplete: '0' });
      expect(Number(row['operations'])).toBeGreaterThan(0);
      expect(Number(row['checked_operations'])).toBeGreaterThanOrEqual(Number(row['operations']));
    }
  }, 60_000);

  test('validates its simulator against real processes, and reports how far off it is', async () => {
    const points = ['--protocols', 'unreplicated', ...BRIEF, '--clients', '1,4', '--repeat', '1'];
    const { code, stdout, stderr } = await start('validate', '--costs', 'reference', ...points).ended;
    // As above: an unsteady window leaves a point fewer to compare.
    if (code !== 0) expect(stderr).toContain('never steady');
    expect(stdout).toMatch(/RESULTS\n(Target met|TARGET MISSED): predicted throughput is off by .* of [12] points/);
    // Each point is simulated five times, with nodes put on cores anew.
    const simulated = Array.from({ length: 2 * 5 }, () => 'sim');
    expect(rowsOf(join(folder, 'out')).map((row) => row['runtime'])).toEqual(['process', 'process', ...simulated]);
    expect(readdirSync(join(folder, 'out'))).toEqual(expect.arrayContaining(['validation.csv', 'validation.md']));
    expect(readdirSync(join(folder, 'out', 'figures'))).toEqual(expect.arrayContaining(['validation.svg']));
  }, 60_000);

  test('refuses what it does not understand in one line', async () => {
    const { code, stdout, stderr } = await start('run', '--protocols', 'quu').ended;
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(
      /^qu-bench: --protocols: unknown protocol 'quu' \(did you mean 'qu'\?\); there are [^\n]*\n$/,
    );
  });

  linuxOnly(
    'after Ctrl-C leaves no process behind and keeps finished rows',
    async () => {
      const run = start('run', '--repeat', '50', ...QUICK);
      await run.said('[ 1/50]');
      const nodes = await nodesOf(run);
      run.child.kill('SIGINT');
      const { code, stdout, stderr } = await run.ended;
      expect(code).toBe(130);
      expect(nodes.filter(({ pid }) => isAlive(pid))).toEqual([]);
      const finished = rowsOf(join(folder, 'out')).length;
      expect(stderr).toContain(`qu-bench: interrupted: ${finished} of 50 measurements are finished and kept in `);
      expect(finished).toBeGreaterThanOrEqual(1);
      expect(stdout).toContain('RESULTS\n');
      expect(existsSync(join(folder, 'out', 'summary.csv'))).toBe(true);
    },
    60_000,
  );

  linuxOnly(
    'killed outright keeps finished rows, and its nodes end',
    async () => {
      const run = start('run', '--repeat', '50', ...QUICK);
      await run.said('[ 1/50]');
      const nodes = await nodesOf(run);
      run.child.kill('SIGKILL');
      await run.ended;
      expect(rowsOf(join(folder, 'out')).length).toBeGreaterThanOrEqual(1);
      await expect.poll(() => nodes.filter(({ pid }) => isAlive(pid)), { timeout: 10_000 }).toEqual([]);
    },
    60_000,
  );

  linuxOnly(
    'says which replica died, goes on, and exits 1',
    async () => {
      const run = start('run', '--repeat', '2', ...QUICK);
      const nodes = await nodesOf(run);
      const server = nodes.find(({ command }) => command.endsWith('replica 0'));
      if (server === undefined) throw new Error(`no replica among ${JSON.stringify(nodes)}`);
      process.kill(server.pid, 'SIGKILL');
      const { code, stderr } = await run.ended;
      expect(code).toBe(1);
      expect(rowsOf(join(folder, 'out')).map((row) => row['verdict'])).toEqual(['invalid', 'valid']);
      const lines = stderr.split('\n').filter((text) => text.startsWith('qu-bench: '));
      expect(lines).toEqual([expect.stringMatching(/^qu-bench: 1 of 2 measurements not valid, .*replica 0.*SIGKILL/)]);
      expect(stderr).not.toContain('    at ');
    },
    60_000,
  );
});

describe('where WebAssembly has no room', () => {
  // In KiB: enough for Node.js, too little for what V8 reserves for a heap of WebAssembly.
  const inLittleSpace = (...arguments_: readonly string[]) =>
    startProgram('sh', ['-c', 'ulimit -v 8000000; exec "$@"', 'sh', process.execPath, ENTRY, ...arguments_]).ended;

  linuxOnly('the portable MAC suites are there, and the others say what they need', async () => {
    const { code, stdout } = await inLittleSpace('list', 'macs');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^hmac-sha256 .+\nblake3 .+\nblake2b +needs libsodium .+: .*WebAssembly.+\nsiphash-2-4 +needs/,
    );
  });

  linuxOnly('a run that asks for another is refused in one line', async () => {
    const { code, stdout, stderr } = await inLittleSpace('run', '--mac', 'siphash-2-4', '--out', join(folder, 'out'));
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^qu-bench: --mac: MAC suite 'siphash-2-4' needs libsodium .+; use hmac-sha256\n$/);
  });
});

/** The nodes of the deployment that is up, or comes up: one replica and two drivers. */
async function nodesOf(run: Running) {
  const nodes = () => childrenOf(run.child.pid ?? -1).filter(({ command }) => /(replica|driver) \d+$/.test(command));
  await expect.poll(() => nodes().length, { timeout: 20_000, interval: 5 }).toBe(3);
  return nodes();
}
