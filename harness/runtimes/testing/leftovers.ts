import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';

/** Child processes of this one whose command line names a node, by name (`replica 0`); Linux only. */
export function childNodes(parent = process.pid): ReadonlyMap<string, number> {
  const nodes = new Map<string, number>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const status = readFileSync(`/proc/${entry}/stat`, 'latin1');
      const [state, parentPid] = status.slice(status.lastIndexOf(')') + 2).split(' ');
      if (Number(parentPid) !== parent || state === 'Z') continue;
      const name = /process-entry\.js\0(.*)\0$/.exec(readFileSync(`/proc/${entry}/cmdline`, 'latin1'))?.[1];
      if (name !== undefined) nodes.set(name.replaceAll('\0', ' '), Number(entry));
    } catch {
      // It ended while it was looked at.
    }
  }
  return nodes;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return readFileSync(`/proc/${pid}/stat`, 'latin1').split(' ')[2] !== 'Z';
  } catch {
    return false;
  }
}

/** Threads of this process. */
export function threadCount(): number {
  return readdirSync('/proc/self/task').length;
}

/** A temporary directory of the test's own, in which the runtime leaves its files, so that what is left behind can be seen. */
export class PrivateTemporaryDirectory {
  readonly path = mkdtempSync(join(tmpdir(), 'runtime-test-'));

  constructor() {
    vi.stubEnv('TMPDIR', this.path);
  }

  entries(): readonly string[] {
    return readdirSync(this.path);
  }

  /** Socket files below it. */
  sockets(): readonly string[] {
    return readdirSync(this.path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isSocket())
      .map((entry) => join(entry.parentPath, entry.name));
  }

  remove(): void {
    vi.unstubAllEnvs();
    rmSync(this.path, { recursive: true, force: true });
  }
}
