import { readGeneration, readName } from './arguments.ts';
import { checkDirectory, checkEntry, checkUsed } from './checks.ts';
import type { UsedInode } from './inode.ts';
import { method } from './method.ts';
import type { Body } from './result.ts';

const NO_OTHERS = { least: 0, most: 0 };

export function attributesBody({ type, generation, attributes }: UsedInode): Body {
  return { type: 'attributes', attributes: { type, generation, ...attributes } };
}

export const getattr = method({
  kind: 'query',
  takes: 'a generation',
  others: NO_OTHERS,
  read: readGeneration,
  run: (generation, inode) => ({ body: attributesBody(checkUsed(inode, generation)) }),
});

/** The handle alone: attributes are another object's, and a query reads one. */
export const lookup = method({
  kind: 'query',
  takes: 'a generation and a name',
  others: NO_OTHERS,
  read: (fields) => ({ generation: readGeneration(fields), name: readName(fields) }),
  run({ generation, name }, inode) {
    const { object, generation: found } = checkEntry(checkDirectory(inode, generation), name);
    return { body: { type: 'handle', handle: { object, generation: found } } };
  },
});

/** The whole directory at once: its size is bounded. */
export const readdir = method({
  kind: 'query',
  takes: 'a generation',
  others: NO_OTHERS,
  read: readGeneration,
  run: (generation, inode) => ({ body: { type: 'entries', entries: checkDirectory(inode, generation).entries } }),
});
