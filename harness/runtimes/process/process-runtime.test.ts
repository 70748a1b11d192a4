import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { nodeEntry } from '../../node/entry.ts';
import { type Runtime, RuntimeFailure } from '../runtime.ts';
import { childNodes, isAlive, PrivateTemporaryDirectory } from '../testing/leftovers.ts';
import { COUNTER_SPEC } from '../testing/specs.ts';
import { processRuntime } from './process-runtime.ts';

const TAKEN_PORT = 21_780;

let directory: PrivateTemporaryDirectory;

beforeEach(() => {
  directory = new PrivateTemporaryDirectory();
});

afterEach(() => {
  directory.remove();
});

function launch(runtime: Runtime) {
  return runtime.launch(COUNTER_SPEC, new AbortController().signal);
}

describe('nodes whose parent ends without a word', () => {
  async function parentOfNodes(): Promise<{ parent: ChildProcess; nodes: readonly number[] }> {
    const program = fileURLToPath(new URL('../testing/parent.mjs', import.meta.url));
    const runtimes = join(nodeEntry('process-entry'), '../../runtimes/runtimes.js');
    const args = [program, runtimes, 'process', JSON.stringify(COUNTER_SPEC)];
    const parent = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(parent.stdout, 'data');
    return { parent, nodes: [...childNodes(parent.pid).values()] };
  }

  test.each(['SIGKILL', 'SIGTERM'] as const)('end with it, sockets and all: %s', async (signal) => {
    const { parent, nodes } = await parentOfNodes();
    expect(nodes).toHaveLength(3);
    expect(directory.sockets()).toHaveLength(1);
    parent.kill(signal);
    await once(parent, 'exit');
    await vi.waitFor(() => expect(nodes.filter(isAlive)).toEqual([]), 10_000);
    expect(directory.entries()).toEqual([]);
  });
});

test('a port that is taken fails the launch in one line that says which', async () => {
  const server = createServer().listen(TAKEN_PORT, '127.0.0.1');
  await once(server, 'listening');
  const runtime = processRuntime({ name: 'process-tcp', transport: 'tcp', firstPort: TAKEN_PORT });
  await expect(launch(runtime)).rejects.toThrow(
    new RuntimeFailure(
      `replica 0 failed: port ${TAKEN_PORT} on 127.0.0.1 is taken; end what uses it or choose another`,
    ),
  );
  expect(childNodes().size).toBe(0);
  server.close();
});

test('a temporary directory that cannot hold sockets fails the launch in one line that says what to do', async () => {
  const runtime = processRuntime({ name: 'process', transport: 'unix' });
  vi.stubEnv('TMPDIR', join(directory.path, 'missing'));
  await expect(launch(runtime)).rejects.toThrow(/^no directory for sockets in .*; set TMPDIR to a writable one$/);
  const deep = join(directory.path, 'd'.repeat(100));
  mkdirSync(deep);
  vi.stubEnv('TMPDIR', deep);
  await expect(launch(runtime)).rejects.toThrow(/is too long a path for Unix sockets; set TMPDIR to a shorter one$/);
  expect(readdirSync(deep)).toEqual([]);
});

test.each([
  ['an exception', "throw new TypeError('planted')", 'TypeError: planted \\(at .*\\)'],
  ['a rejection', "Promise.reject(new TypeError('planted'))", 'TypeError: planted \\(at .*\\)'],
  ['an exit', 'process.exit(7)', 'its process \\(\\d+\\) ended with exit code 7'],
])('%s in a node ends the run, with its name and reason in one line', async (_, fault, reason) => {
  // Runs in every node, once it takes requests.
  const plant = `const wait = setInterval(() => {
    if (process.listenerCount('message') === 0) return;
    clearInterval(wait);
    ${fault};
  }, 1);`;
  vi.stubEnv('NODE_OPTIONS', `--import="data:text/javascript,${encodeURIComponent(plant)}"`);
  const runtime = processRuntime({ name: 'process', transport: 'unix' });
  const up = launch(runtime).then((running) => running.advance(3_600e6).finally(() => running.close()));
  await expect(up).rejects.toThrow(new RegExp(`^(replica 0|client driver [01]) failed: ${reason}$`));
  expect(childNodes().size).toBe(0);
});
