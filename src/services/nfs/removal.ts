import { readChange } from './arguments.ts';
import { modified } from './attributes.ts';
import { checkDirectory, checkEntry, checkMeans, quoted } from './checks.ts';
import { withoutEntry } from './entries.ts';
import type { UsedInode } from './inode.ts';
import { linkCount, unlinked } from './links.ts';
import { type Method, method, NOTHING } from './method.ts';
import { Refusal } from './refusal.ts';

/** Both take an entry away, and the object with its last one. */
function removal(check: (name: string, target: UsedInode) => void, linksToDirectory: number): Method {
  return method({
    kind: 'update',
    takes: 'a generation, a time and a name',
    others: { least: 1, most: 1 },
    read: readChange,
    run({ generation, time, name }, inode, [other = inode]) {
      const directory = checkDirectory(inode, generation);
      const target = checkMeans(checkEntry(directory, name), other);
      check(name, target);
      const attributes = { ...modified(directory.attributes, time), nlink: linkCount(directory, -linksToDirectory) };
      const written = { ...directory, attributes, entries: withoutEntry(directory.entries, name) };
      return { written: [written, unlinked(target, time)], body: NOTHING };
    },
  });
}

export const remove = removal((name, target) => {
  if (target.type === 'directory') throw new Refusal('NFS3ERR_ISDIR', `${quoted(name)} is a directory`);
}, 0);

export const rmdir = removal((name, target) => {
  if (target.type !== 'directory') throw new Refusal('NFS3ERR_NOTDIR', `${quoted(name)} is no directory`);
  if (target.entries.length > 0) throw new Refusal('NFS3ERR_NOTEMPTY', `directory ${quoted(name)} has entries`);
}, 1);
