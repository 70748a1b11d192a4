import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pack } from '../../wire/packing.ts';
import { execute, nfsMethods } from './execute.ts';
import { decodeInode, encodeInode, initialInode } from './inode.ts';

const MOST = Number.MAX_SAFE_INTEGER;

test('a root begins as an empty directory, any other object free', () => {
  expect(initialInode('r')).toMatchObject({ type: 'directory', generation: 1, version: 0, entries: [] });
  expect(initialInode('r/1')).toEqual({ type: 'free', object: 'r/1', generation: 0, version: 0 });
  for (const object of ['r', 'r/1', 'ä'])
    expect(decodeInode(encodeInode(initialInode(object)))).toEqual(initialInode(object));
});

test.each([
  ['a kind that there is not', ['r', 0, 0, 3]],
  ['a free object with attributes', ['r', 0, 0, 0, 0]],
  ['a file without attributes', ['r', 0, 1, 1]],
  ['a file without a link', ['r', 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]],
  ['a directory with one', ['r', 0, 1, 2, 0, 0, 0, 0, 0, 0, 1, 0]],
  ['a file with entries', ['r', 0, 1, 1, 0, 0, 0, 0, 0, 0, 1, 0, 'a', 'r/1', 1]],
  ['half an entry', ['r', 0, 1, 2, 0, 0, 0, 0, 0, 0, 2, 0, 'a', 'r/1']],
  ['a count that could not go up', ['r', MOST, 1, 0]],
])('%s is no state', (_what, fields) => expect(decodeInode(pack(fields))).toBeUndefined());

/** States that decode, but that no sequence of operations leads to: what a faulty replica could hand over. */
const strangeState = fc
  .record({
    object: fc.constantFrom('r', 'r/1', 'r/2'),
    version: fc.constantFrom(0, MOST - 1),
    generation: fc.constantFrom(0, 1, MOST - 1),
    kind: fc.nat(2),
    nlink: fc.constantFrom(1, 2, 32_000),
    entries: fc.array(fc.constantFrom(['a', 'r/1', 1], ['a', 'r/2', 1], ['', 'r', 1], ['b', 'r', 1]), { maxLength: 3 }),
  })
  .map(({ object, version, generation, kind, nlink, entries }) => {
    const attributes = kind === 0 ? [] : [0, 0, 0, 0, 0, 0, nlink, 0];
    return pack([object, version, generation, kind, ...attributes, ...(kind === 2 ? entries.flat() : [])]);
  });

test('execution is total on states that cannot be', () => {
  const argument = fc.constantFrom(
    [1],
    [1, 'a'],
    [1, 0, 'a'],
    [1, 0, 'b', 1],
    [1, 0, 'c', 0, 0, 0],
    [1, 0, 'a', 'b'],
    [1, 0, 'a', 'b', 1],
    [1, 0, 63, 0, 0, 0, 0, 0, 0],
    [MOST - 1, 0, 'c', 0, 0, 0],
  );
  const method = fc.constantFrom(...nfsMethods.keys());
  fc.assert(
    fc.property(
      strangeState,
      method,
      argument,
      fc.array(strangeState, { maxLength: 3 }),
      (state, name, fields, others) => {
        const copies = [state, ...others].map((each) => Uint8Array.from(each));
        const execution = execute(state, name, pack(fields), others);
        expect(execution.result.length).toBeGreaterThan(0);
        if (execution.others !== undefined) expect(execution.others).toHaveLength(others.length);
        expect([state, ...others].map((each, index) => Buffer.compare(each, copies[index] ?? each))).not.toContain(1);
      },
    ),
    { numRuns: 1_000 },
  );
});
