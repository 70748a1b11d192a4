import { expect, test } from 'vitest';
import { checkWellFormed } from './well-formed.ts';

test.each(['<a><b c="1"/>text &amp; more</a>', '<a></a>\n'])('%s passes', (xml) => {
  expect(() => checkWellFormed(xml)).not.toThrow();
});

test.each(['<a>', '<a></b>', '<a/><b/>', '<a>1 < 2</a>', '<a>& b</a>', '<a b=1></a>', 'text', '<a b="<"/>'])(
  '%s is refused',
  (xml) => {
    expect(() => checkWellFormed(xml)).toThrow();
  },
);
