import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, cpus, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { SimulationSpec } from '../runtimes/runtime.ts';
import type { Suite } from '../suites/settings.ts';
import { contentDigest } from './content-digest.ts';

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
  /** What simulated rows of the run follow from, in the order in which they were asked for. */
  readonly simulations: readonly SimulationSummary[];
}

/** Topology and profile in short; in full they lie beside the manifest. */
export interface SimulationSummary {
  /** What the rows have as their `run_id`. */
  readonly run: string;
  readonly topology: string;
  readonly costs: { readonly name: string; readonly origin: string; readonly sha256: string };
  readonly crypto: SimulationSpec['crypto'];
}

export interface ManifestSubject {
  readonly run: string;
  readonly started: Date;
  readonly suite: Suite;
  readonly measurements: number;
  readonly simulations: readonly (readonly [run: string, simulation: SimulationSpec])[];
}

export function manifestOf({ run, started, suite, measurements, simulations }: ManifestSubject): Manifest {
  const { NODE_OPTIONS = '' } = process.env;
  return {
    run,
    started: started.toISOString(),
    suite,
    measurements,
    versions: versions(),
    commit: commit(),
    host: host(),
    nodeFlags: [...process.execArgv, ...NODE_OPTIONS.split(/\s+/).filter(Boolean)],
    simulations: simulations.map(([id, { topology, costs, crypto }]) => ({
      run: id,
      topology: topology.name,
      costs: { name: costs.name, origin: costs.origin, sha256: contentDigest(costs) },
      crypto,
    })),
  };
}

/** Of this tool and of what decides how fast it is. */
export function versions(): Manifest['versions'] {
  return {
    'qu-bench': toolVersion(),
    node: process.versions.node,
    v8: process.versions.v8,
    ...Object.fromEntries(MAC_LIBRARIES.map((name) => [name, installedVersion(name)])),
  };
}

/** This machine. */
export function host(): Manifest['host'] {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryMib: Math.round(totalmem() / 2 ** 20),
    platform: `${platform()} ${release()} ${arch()}`,
  };
}

/** Most of what a protocol's replicas do is their work: their speed is part of every result. */
const MAC_LIBRARIES = ['@noble/hashes', 'libsodium-sumo'];

const packageFile = z.looseObject({ version: z.string() });

/** The version in package.json, which lies one level higher above compiled code. */
export function toolVersion(): string {
  return versionInFirst(['../../package.json', '../../../package.json'].map((path) => new URL(path, import.meta.url)));
}

/** The version of a package where Node finds it from here. */
function installedVersion(name: string): string {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  return versionInFirst(folders.map((folder) => join(folder, name, 'package.json')));
}

/** The version in the first of these files that can be read. */
function versionInFirst(paths: readonly (string | URL)[]): string {
  for (const path of paths) {
    try {
      const content: unknown = JSON.parse(readFileSync(path, 'utf8'));
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
