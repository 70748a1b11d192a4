import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, cpus, platform, release, totalmem } from 'node:os';
import { z } from 'zod';
import type { Suite } from '../suites/settings.ts';

/** What was asked and where it ran. No host name, no user, no paths: results get published. */
export interface Manifest {
  readonly run: string;
  readonly started: string;
  readonly suite: Suite;
  readonly measurements: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly commit: { readonly revision: string; readonly modified: boolean } | null;
  readonly host: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryMib: number;
    readonly platform: string;
  };
  readonly nodeFlags: readonly string[];
}

export function manifestOf(run: string, started: Date, suite: Suite, measurements: number): Manifest {
  const processors = cpus();
  const { NODE_OPTIONS = '' } = process.env;
  return {
    run,
    started: started.toISOString(),
    suite,
    measurements,
    versions: { 'qu-bench': toolVersion(), node: process.versions.node, v8: process.versions.v8 },
    commit: commit(),
    host: {
      cpu: processors[0]?.model.trim() ?? 'unknown',
      cores: processors.length,
      memoryMib: Math.round(totalmem() / 2 ** 20),
      platform: `${platform()} ${release()} ${arch()}`,
    },
    nodeFlags: [...process.execArgv, ...NODE_OPTIONS.split(/\s+/).filter(Boolean)],
  };
}

const packageFile = z.looseObject({ version: z.string() });

/** The version in package.json, which lies one level higher above compiled code. */
export function toolVersion(): string {
  for (const path of ['../../package.json', '../../../package.json']) {
    try {
      const content: unknown = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
      return packageFile.parse(content).version;
    } catch {}
  }
  return 'unknown';
}

/** The commit of the code that ran; null outside a checkout. */
function commit(): Manifest['commit'] {
  const git = (...parameters: readonly string[]) =>
    execFileSync('git', parameters, {
      cwd: new URL('.', import.meta.url),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  try {
    const revision = git('rev-parse', 'HEAD').trim();
    return { revision, modified: git('status', '--porcelain', '--untracked-files=no').trim() !== '' };
  } catch {
    return null;
  }
}
