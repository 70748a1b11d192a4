import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { protocols } from './registry.ts';

/** Everything outside the language that a state machine must not touch, and what it becomes where a bundle uses it. */
const IMPURE = [
  'Date',
  'Math.random',
  'Worker',
  'WebSocket',
  'clearImmediate',
  'clearInterval',
  'clearTimeout',
  'console',
  'crypto',
  'fetch',
  'globalThis',
  'performance',
  'process',
  'queueMicrotask',
  'require',
  'setImmediate',
  'setInterval',
  'setTimeout',
] as const;
const MARK = 'impure_';

interface Bundle {
  readonly files: readonly string[];
  readonly packages: readonly string[];
  readonly impure: readonly string[];
}

/** Bundles our own code and leaves packages outside; esbuild replaces a global's name only where nothing local bears it. */
async function bundle(source: { readonly file: string } | { readonly code: string }): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    ...('file' in source ? { entryPoints: [source.file] } : { stdin: { contents: source.code, loader: 'ts' } }),
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    write: false,
    metafile: true,
    define: Object.fromEntries(IMPURE.map((name) => [name, `${MARK}${name.replace('.', '_')}`])),
  });
  const code = outputFiles.map((file) => file.text).join('\n');
  return {
    files: Object.keys(metafile.inputs),
    packages: Object.values(metafile.outputs).flatMap((output) => output.imports.map((imported) => imported.path)),
    // Besides the marked globals: another name for Math, by which its random could be reached.
    impure: [...code.matchAll(/\bimpure_\w+|\bMath\b(?!\.)/g)].map(([found]) => found),
  };
}

const root = join(import.meta.dirname, '..');
const definitions = ['src/qu', 'src/rcw', ...readdirSync(import.meta.dirname).map((folder) => `baselines/${folder}`)]
  .map((folder) => join(root, folder, 'protocol.ts'))
  .filter((file) => existsSync(file))
  .map((file) => relative(root, file));

test('every registered protocol has its definition file here', () => {
  expect(definitions.length).toBeGreaterThanOrEqual(protocols.length);
});

describe.each(definitions)('%s', (file) => {
  test('brings no node module, clock, timer, thread or random source into its bundle', async () => {
    const { files, packages, impure } = await bundle({ file: join(root, file) });
    expect(impure).toEqual([]);
    expect(packages.filter((name) => name !== 'zod')).toEqual([]);
    expect(files.filter((path) => /(^|\/)(src\/crypto|harness|reports|scripts)\//.test(path))).toEqual([]);
    expect(files).toContain(file);
  });
});

test.each([
  ['a clock', 'export const now = Date.now();', 'impure_Date'],
  ['chance', 'export const chance = Math.random();', 'impure_Math_random'],
  ['chance by another name', 'const { random } = Math; export const chance = random();', 'Math'],
  ['a timer', 'setTimeout(() => {}, 1);', 'impure_setTimeout'],
  ['a microtask', 'export const later = (f: () => void) => queueMicrotask(f);', 'impure_queueMicrotask'],
])('the check finds %s', async (_what, code, expected) => {
  expect((await bundle({ code })).impure).toContain(expected);
});

test('the check finds a node module and passes what is local', async () => {
  expect((await bundle({ code: "import { readFileSync } from 'node:fs'; readFileSync('x');" })).packages).toEqual([
    'node:fs',
  ]);
  expect(
    (await bundle({ code: 'export const f = (Date: number, crypto: number) => Math.max(Date, crypto);' })).impure,
  ).toEqual([]);
});
