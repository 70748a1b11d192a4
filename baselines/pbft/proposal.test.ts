import { expect, test } from 'vitest';
import { loneBackup, PRIMARY, prePrepare } from './testing/lone-replica.ts';

test('a backup votes for one batch a sequence number', () => {
  const { sent, agreement } = loneBackup();
  agreement.onPrePrepare(PRIMARY, prePrepare(1, 1));
  agreement.onPrePrepare(PRIMARY, prePrepare(1, 2));
  expect(sent.map(({ type }) => type)).toEqual(['prepare']);
});

test('a backup votes for no other batch where NEW-VIEW has chosen one, even if it has yet to fetch that one', () => {
  const { sent, state, agreement } = loneBackup();
  state.chosenUpTo = 2;
  agreement.onPrePrepare(PRIMARY, prePrepare(2, 1));
  expect(sent).toEqual([]);
  agreement.onPrePrepare(PRIMARY, prePrepare(3, 1));
  expect(sent.map(({ type }) => type)).toEqual(['prepare']);
});
