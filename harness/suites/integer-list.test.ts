import { expect, test } from 'vitest';
import { integerList } from './integer-list.ts';

const schema = integerList('clients', 1, 1_000);

test.each<readonly [unknown, readonly number[]]>([
  [3, [3]],
  ['3', [3]],
  ['1..4', [1, 2, 3, 4]],
  ['1, 5,2', [1, 2, 5]],
  ['1..3,7', [1, 2, 3, 7]],
  [
    [4, '1..2', 4],
    [1, 2, 4],
  ],
])('%j is a list', (input, expected) => {
  expect(schema.parse(input)).toEqual(expected);
});

test.each<readonly [unknown, string]>([
  [0, '0 is outside the range of clients, 1 to 1000'],
  ['-2', '-2 is outside the range of clients, 1 to 1000'],
  ['1..2000', 'the range 1..2000 holds more than 100 numbers'],
  ['3..1', 'the range 3..1 runs backwards'],
  ['', "'' is neither a whole number nor a range such as 1..3"],
  ['a', "'a' is neither a whole number nor a range such as 1..3"],
  [1.5, '1.5 is not a whole number'],
  [[], 'names no clients'],
  [[[1]], 'lists do not nest'],
  [true, 'expected a whole number, a list such as [1, 2, 5], or a range such as 1..3'],
])('%j is refused', (input, message) => {
  expect(schema.safeParse(input).error?.issues.map((issue) => issue.message)).toEqual([message]);
});
