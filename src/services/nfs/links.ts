import { MOST_LINKS } from './attributes.ts';
import { quoted } from './checks.ts';
import type { Inode, UsedInode } from './inode.ts';
import { Refusal } from './refusal.ts';

/** The link count of an object that gains (or, below 0, loses) links. Throws Refusal where that is too many. */
export function linkCount({ object, attributes }: UsedInode, gained: number): number {
  const nlink = attributes.nlink + gained;
  if (nlink <= MOST_LINKS) return Math.max(nlink, 0);
  throw new Refusal('NFS3ERR_MLINK', `object ${quoted(object)} has ${MOST_LINKS} links, which is the most`);
}

/** What remains of an object when an entry for it goes: a file with further names, or a free object, its generation kept. */
export function unlinked(inode: UsedInode, time: number): Inode {
  if (inode.type === 'file' && inode.attributes.nlink > 1) {
    return { ...inode, attributes: { ...inode.attributes, nlink: inode.attributes.nlink - 1, ctime: time } };
  }
  const { object, version, generation } = inode;
  return { type: 'free', object, version, generation };
}
