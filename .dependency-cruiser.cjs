/**
 * The import arrows of the architecture (README, "How it is built"): scripts -> reports -> harness -> baselines -> src, and
 * src/rcw -> src/qu -> src/{services,wire,crypto} -> src/kernel. Files that are tests, or that tests share, may reach the simulator and the registry.
 */
const TESTS = '(\\.test\\.ts$|/testing/|^harness/conformance/)';
/** What must stay a pure state machine: no socket, clock, timer, thread or random source. */
const PURE = '^(src/(kernel|qu|rcw|services)/|baselines/)';

/** @param {string} name @param {string} from @param {string} to @param {string} comment */
const forbid = (name, from, to, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: TESTS },
  to: { path: to },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Files that import each other can only be understood together.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolved',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    forbid(
      'src-imports-only-src',
      '^src/',
      '^(baselines|harness|reports|scripts)/',
      'The protocols know nothing of what measures them.',
    ),
    forbid(
      'baselines-import-only-src',
      '^baselines/',
      '^(harness|reports|scripts)/',
      'The protocols know nothing of what measures them.',
    ),
    forbid(
      'harness-imports-no-reports',
      '^harness/',
      '^(reports|scripts)/',
      'Measuring knows nothing of how results are shown.',
    ),
    forbid('reports-import-no-scripts', '^reports/', '^scripts/', 'Scripts are entry points: nothing imports them.'),
    forbid('kernel-imports-only-kernel', '^src/kernel/', '^src/(?!kernel/)', 'The contracts stand on nothing.'),
    forbid(
      'src-parts-import-no-protocol',
      '^src/(services|wire|crypto)/',
      '^src/(qu|rcw)/',
      'Services, encoding and MACs are the same under every protocol.',
    ),
    forbid(
      'qu-imports-no-other-protocol',
      '^src/qu/',
      '^src/rcw/',
      'Read/Conditional-Write stands on parts of Q/U, not the other way round.',
    ),
    {
      name: 'harness-reaches-protocols-by-registry',
      comment:
        'A new protocol changes no file of the harness: it registers itself. The micro-benchmarks reach into parts.',
      severity: 'error',
      from: { path: '^(harness|reports|scripts)/', pathNot: '\\.test\\.ts$|/testing/|^scripts/bench-micro\\.ts$' },
      to: { path: '^(baselines/(?!registry\\.ts$)|src/(qu|rcw)/)' },
    },
    {
      name: 'baselines-do-not-import-each-other',
      comment: 'A protocol is read and removed on its own; what two share belongs into src.',
      severity: 'error',
      from: { path: '^baselines/([^/]+)/' },
      to: { path: '^baselines/', pathNot: '^baselines/$1/' },
    },
    {
      name: 'baselines-do-not-import-qu',
      comment: 'Only the registry knows all protocols.',
      severity: 'error',
      from: { path: '^baselines/[^/]+/' },
      to: { path: '^src/(qu|rcw)/' },
    },
    {
      name: 'protocols-do-not-reach-crypto',
      comment: 'Participants use context.authentication, which counts; by no path do they come to a MAC suite.',
      severity: 'error',
      from: { path: PURE, pathNot: TESTS },
      to: { path: '^src/crypto/', reachable: true },
    },
    {
      name: 'protocols-do-not-reach-node',
      comment: 'No socket, clock, timer, thread or file behind a participant, on any path.',
      severity: 'error',
      from: { path: PURE, pathNot: TESTS },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'protocols-import-no-package-but-zod',
      comment: 'Schemas of options need zod; everything else of a participant is its own.',
      severity: 'error',
      from: { path: PURE, pathNot: TESTS },
      to: { path: 'node_modules', pathNot: 'node_modules/zod/' },
    },
    {
      name: 'no-tests-in-the-product',
      comment: 'What runs in a measurement does not depend on test code.',
      severity: 'error',
      from: { pathNot: TESTS },
      to: { path: TESTS },
    },
    {
      name: 'no-dev-dependency-in-the-product',
      comment: 'An installed package must run without its development dependencies.',
      severity: 'error',
      from: { path: '^(src|baselines|harness|reports|scripts)/', pathNot: TESTS },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'types', 'default'],
    },
  },
};
