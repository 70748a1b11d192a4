/** A small project that crosses every rule of the architecture once, beside files that cross none. */

const GLOBALS = [
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
  'queueMicrotask',
  'process',
  'performance',
  'Date',
  'fetch',
  'Worker',
  'WebSocket',
  'console',
  'crypto',
  'global',
  'globalThis',
];

const RESTRICTED_GLOBAL = 'lint/style/noRestrictedGlobals';
const NODE_MODULE = 'lint/correctness/noNodejsModules';
const PLUGIN = 'plugin';

/** One file that Biome must reject, and why. */
interface LintViolation {
  readonly path: string;
  readonly content: string;
  readonly category: string;
}

/** Each global is planted in another of the pure folders, so that all of them are seen to be covered. */
const PURE_FOLDERS = ['src/kernel', 'src/qu', 'src/rcw', 'src/services', 'baselines/planted'];

const restricted: readonly LintViolation[] = GLOBALS.map((name, index) => ({
  path: `${PURE_FOLDERS[index % PURE_FOLDERS.length]}/global-${name.toLowerCase()}.ts`,
  content: `export const taken = ${name};\n`,
  category: RESTRICTED_GLOBAL,
}));

export const lintViolations: readonly LintViolation[] = [
  ...restricted,
  { path: 'src/kernel/chance.ts', content: 'export const chance = Math.random();\n', category: PLUGIN },
  { path: 'src/qu/chance.ts', content: 'export const chances = [1, 2].map(Math.random);\n', category: PLUGIN },
  { path: 'src/services/chance.ts', content: 'export const { random } = Math;\n', category: PLUGIN },
  {
    path: 'baselines/planted/chance.ts',
    content: 'const m = Math;\nexport const chance = m.random();\n',
    category: PLUGIN,
  },
  {
    path: 'baselines/planted/file.ts',
    content: "import { readFileSync } from 'node:fs';\n\nexport const read = readFileSync;\n",
    category: NODE_MODULE,
  },
  { path: 'harness/any.ts', content: 'export const anything: any = 1;\n', category: 'lint/suspicious/noExplicitAny' },
  {
    path: 'harness/non-null.ts',
    content: 'export const first = (list: number[]): number => list[0]!;\n',
    category: 'lint/style/noNonNullAssertion',
  },
  { path: 'harness/default.ts', content: 'export default 1;\n', category: 'lint/style/noDefaultExport' },
  { path: 'harness/enum.ts', content: 'export enum Colour {\n  Red = 0,\n}\n', category: 'lint/style/noEnum' },
  { path: 'harness/unformatted.ts', content: 'export const a   =  1;\n', category: 'format' },
  { path: 'harness/BadName.ts', content: 'export const name = 1;\n', category: 'lint/style/useFilenamingConvention' },
  {
    path: 'harness/no-extension.ts',
    content: "import { clean } from './clean';\n\nexport const again = clean;\n",
    category: 'lint/correctness/useImportExtensions',
  },
  {
    path: 'harness/complex.ts',
    content: nested(6),
    category: 'lint/complexity/noExcessiveCognitiveComplexity',
  },
];

/** One import that dependency-cruiser must reject, and by which rule. */
interface ImportCrossing {
  readonly path: string;
  readonly content: string;
  readonly rule: string;
}

const importing = (target: string): string =>
  `import * as target from '${target}';\n\nexport const reached = target;\n`;

export const importCrossings: readonly ImportCrossing[] = [
  { path: 'src/wire/up.ts', content: importing('../../baselines/registry.ts'), rule: 'src-imports-only-src' },
  { path: 'src/qu/up.ts', content: importing('../../harness/clean.ts'), rule: 'src-imports-only-src' },
  { path: 'baselines/planted/up.ts', content: importing('../../harness/clean.ts'), rule: 'baselines-import-only-src' },
  { path: 'harness/up.ts', content: importing('../reports/clean.ts'), rule: 'harness-imports-no-reports' },
  { path: 'reports/up.ts', content: importing('../scripts/clean.ts'), rule: 'reports-import-no-scripts' },
  { path: 'src/kernel/up.ts', content: importing('../wire/clean.ts'), rule: 'kernel-imports-only-kernel' },
  { path: 'src/services/up.ts', content: importing('../qu/clean.ts'), rule: 'src-parts-import-no-protocol' },
  { path: 'src/wire/rcw.ts', content: importing('../rcw/clean.ts'), rule: 'src-parts-import-no-protocol' },
  { path: 'src/qu/sideways.ts', content: importing('../rcw/clean.ts'), rule: 'qu-imports-no-other-protocol' },
  {
    path: 'harness/protocol.ts',
    content: importing('../baselines/planted/protocol.ts'),
    rule: 'harness-reaches-protocols-by-registry',
  },
  { path: 'harness/qu.ts', content: importing('../src/qu/clean.ts'), rule: 'harness-reaches-protocols-by-registry' },
  { path: 'harness/rcw.ts', content: importing('../src/rcw/clean.ts'), rule: 'harness-reaches-protocols-by-registry' },
  {
    path: 'baselines/planted/sideways.ts',
    content: importing('../other/clean.ts'),
    rule: 'baselines-do-not-import-each-other',
  },
  { path: 'baselines/planted/qu.ts', content: importing('../../src/qu/clean.ts'), rule: 'baselines-do-not-import-qu' },
  {
    path: 'baselines/planted/rcw.ts',
    content: importing('../../src/rcw/clean.ts'),
    rule: 'baselines-do-not-import-qu',
  },
  { path: 'src/rcw/keys.ts', content: importing('../crypto/clean.ts'), rule: 'protocols-do-not-reach-crypto' },
  { path: 'src/qu/keys.ts', content: importing('../crypto/clean.ts'), rule: 'protocols-do-not-reach-crypto' },
  {
    path: 'baselines/planted/keys-by-a-detour.ts',
    content: importing('../../src/wire/through.ts'),
    rule: 'protocols-do-not-reach-crypto',
  },
  { path: 'src/services/file.ts', content: importing('node:fs'), rule: 'protocols-do-not-reach-node' },
  { path: 'src/qu/package.ts', content: importing('yaml'), rule: 'protocols-import-no-package-but-zod' },
  { path: 'harness/circle-back.ts', content: importing('./circle.ts'), rule: 'no-cycles' },
  { path: 'harness/nowhere.ts', content: importing('./not-there.ts'), rule: 'no-unresolved' },
  { path: 'harness/tested.ts', content: importing('./clean.test.ts'), rule: 'no-tests-in-the-product' },
  { path: 'harness/checked.ts', content: importing('fast-check'), rule: 'no-dev-dependency-in-the-product' },
];

/** What crosses nothing: the targets of the crossings, and imports that the arrows allow. */
const clean: Readonly<Record<string, string>> = {
  'src/kernel/clean.ts': 'export const clean = Math.floor(1.5);\n',
  'src/wire/clean.ts': importing('../kernel/clean.ts'),
  'src/wire/through.ts': importing('../crypto/clean.ts'),
  'src/crypto/clean.ts': importing('../kernel/clean.ts'),
  'src/services/clean.ts': importing('../wire/clean.ts'),
  'src/qu/clean.ts': importing('../services/clean.ts'),
  'src/qu/options.ts': importing('zod'),
  'src/rcw/clean.ts': importing('../qu/clean.ts'),
  'src/qu/clean.test.ts': importing('../../harness/clean.ts'),
  'baselines/planted/protocol.ts': importing('../../src/services/clean.ts'),
  'baselines/other/clean.ts': importing('../../src/wire/clean.ts'),
  'baselines/registry.ts': importing('./planted/protocol.ts'),
  'harness/clean.ts': importing('../baselines/registry.ts'),
  // A cycle is reported once, at one of its files.
  'harness/circle.ts': importing('./circle-back.ts'),
  'harness/clean.test.ts': importing('../src/qu/clean.ts'),
  'reports/clean.ts': importing('../harness/clean.ts'),
  'scripts/clean.ts': importing('../reports/clean.ts'),
};

function nested(depth: number): string {
  const lines = ['export function deep(x: number): number {'];
  for (let level = 1; level <= depth; level++) lines.push(`${'  '.repeat(level)}if (x > ${level}) {`);
  lines.push(`${'  '.repeat(depth + 1)}return 1;`);
  for (let level = depth; level >= 1; level--) lines.push(`${'  '.repeat(level)}}`);
  lines.push('  return 0;', '}', '');
  return lines.join('\n');
}

/** Path to content of every file of the project that Biome checks. */
export const lintProject: Readonly<Record<string, string>> = {
  ...Object.fromEntries(lintViolations.map(({ path, content }) => [path, content])),
  'harness/clean.ts': 'export const clean = [Date.now(), Math.random(), process.pid];\n',
  'src/qu/clean.ts': 'export const clean = Math.floor(1.5);\n',
  'src/qu/clean.test.ts':
    "import { performance } from 'node:perf_hooks';\n\nexport const now = [performance.now(), Date.now(), Math.random()];\n",
};

/** Path to content of every file of the project whose imports are followed. */
export const importProject: Readonly<Record<string, string>> = {
  ...Object.fromEntries(importCrossings.map(({ path, content }) => [path, content])),
  ...clean,
};

/** A program, and beside what it uses an export and a file that nobody does. */
export const deadProject: Readonly<Record<string, string>> = {
  'scripts/program.ts': "import { used } from '../harness/parts.ts';\n\nprocess.stdout.write(used);\n",
  'harness/parts.ts': "export const used = 'used';\nexport const deadExport = 1;\n",
  'harness/dead-file.ts': 'export const unreachable = 1;\n',
};
