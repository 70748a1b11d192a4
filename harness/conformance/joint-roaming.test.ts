import { expect, test } from 'vitest';
import { runRoaming } from './testing/roaming-trial.ts';
import { replayCommand, replaying, seedsUpTo } from './testing/seeds.ts';

/** Byzantine clients that send joint requests of their own making: they hinder nobody, and no money comes or goes. */
const TIMEOUT_MS = 240_000;
const TRIALS = 6;

const cases: readonly [string, Readonly<Record<string, unknown>>, boolean][] = [
  ['alone', {}, false],
  ['with a two-faced replica', {}, true],
  ['without inline repair', { inlineRepair: false }, true],
];
const reachedInAll = new Set<string>();

test.each(cases)(
  'Byzantine clients with requests of their own, %s',
  (title, options, hasLiar) => {
    for (const seed of seedsUpTo(TRIALS)) {
      const { finished, sum, madeTwice, reached } = runRoaming(seed, options, hasLiar);
      const replay = replayCommand(seed, `requests of their own, ${title}`);
      expect({ finished, sum, madeTwice }, `seed ${seed}; ${replay}`).toEqual({
        finished: true,
        sum: 0,
        madeTwice: [],
      });
      for (const type of reached.keys()) reachedInAll.add(type);
    }
  },
  TIMEOUT_MS,
);

test.skipIf(replaying)('their requests of every kind were accepted somewhere', () => {
  expect([...reachedInAll].sort()).toEqual(['barrier', 'copy', 'inlineMethod', 'method']);
});
