import { expect, test } from 'vitest';
import { UsageError } from './problem.ts';
import { loadSuite, parseSuite } from './suite-file.ts';

const HEAD = 'name: mine\ntitle: Mine\nsummary: A suite.\n';

function failureOf(text: string): string {
  try {
    parseSuite(text, 'mine.yaml');
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return 'no failure';
}

test('a suite holds what it says and nothing else', () => {
  const { content } = parseSuite(
    `${HEAD}protocols: [qu, { protocol: pbft, variant: batch 1, options: { batchLimit: 1 } }]\nfaults: 1..3\nclients: 8\n`,
    'mine.yaml',
  );
  expect(content).toEqual({
    name: 'mine',
    title: 'Mine',
    summary: 'A suite.',
    protocols: [
      { protocol: 'qu', options: {} },
      { protocol: 'pbft', variant: 'batch 1', options: { batchLimit: 1 } },
    ],
    faults: [1, 2, 3],
    clients: [8],
  });
});

test.each([
  [
    'an unknown key, with the nearest',
    `${HEAD}faluts: 1\n`,
    "mine.yaml:4: faluts: unknown key 'faluts' (did you mean 'faults'?)",
  ],
  [
    'a key without its unit',
    `${HEAD}duration: 1\n`,
    "mine.yaml:4: duration: unknown key 'duration' (did you mean 'durationSeconds'?)",
  ],
  [
    'an unknown key of the short form',
    `${HEAD}short:\n  repaet: 2\n`,
    "mine.yaml:5: short.repaet: unknown key 'repaet' (did you mean 'repeat'?)",
  ],
  [
    'an unknown key of a variant',
    `${HEAD}protocols:\n  - qu\n  - protocol: pbft\n    varient: x\n`,
    "mine.yaml:7: protocols[1].varient: unknown key 'varient' (did you mean 'variant'?)",
  ],
  ['a wrong type', `${HEAD}\nrepeat: often\n`, 'mine.yaml:5: repeat: must be a whole number'],
  [
    'a number that is too large',
    `${HEAD}queryShare: 2\n`,
    'mine.yaml:4: queryShare: Too big: expected number to be <=1',
  ],
  ['no fault at all', `${HEAD}faults: 0\n`, 'mine.yaml:4: faults: 0 is outside the range of faults, 1 to 50'],
  [
    'a range in a list that runs backwards',
    `${HEAD}faults: [1, 5..3]\n`,
    'mine.yaml:4: faults: the range 5..3 runs backwards',
  ],
  ['a key that stands twice', `${HEAD}repeat: 1\nrepeat: 2\n`, 'mine.yaml:5: Map keys must be unique'],
  [
    'text that is no YAML',
    `${HEAD}faults: [1\n`,
    'mine.yaml:5: Flow sequence in block collection must be sufficiently indented and end with a ]',
  ],
  ['no name', 'title: x\nsummary: y\n', 'mine.yaml: name: is missing; expected string'],
  ['a list', '- a\n', 'mine.yaml: expected object, received array'],
])('%s is refused with file, line and key', (_, text, message) => {
  expect(failureOf(text)).toBe(message);
});

test('a file that is not there', () => {
  expect(() => loadSuite('/nowhere/at-all.yaml')).toThrow(/^can't read suite \/nowhere\/at-all.yaml: /);
});
