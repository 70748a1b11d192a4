import { type Change, readChange } from './arguments.ts';
import { type FirstAttributes, modified, newAttributes, readFirstAttributes } from './attributes.ts';
import { checkDirectory, checkNoEntry, checkSameTree, quoted } from './checks.ts';
import { withEntry } from './entries.ts';
import type { DirectoryInode, FileInode, FreeInode, Inode } from './inode.ts';
import { linkCount } from './links.ts';
import { type Method, method } from './method.ts';
import { attributesBody } from './queries.ts';
import { Refusal } from './refusal.ts';

function checkFree(inode: Inode): FreeInode {
  if (inode.type === 'free') return inode;
  throw new Refusal('NFS3ERR_BADHANDLE', `object ${quoted(inode.object)} is in use`);
}

/** Both make an object and an entry for it, which must not exist (the RFC's mode GUARDED). */
function creation(
  make: (free: FreeInode, first: FirstAttributes, time: number) => FileInode | DirectoryInode,
  linksToDirectory: number,
): Method {
  return method<Change & { readonly first: FirstAttributes }>({
    kind: 'update',
    takes: 'a generation, a time, a name, mode, uid and gid',
    others: { least: 1, most: 1 },
    read: (fields) => ({ ...readChange(fields), first: readFirstAttributes(fields) }),
    run({ generation, time, name, first }, inode, [other = inode]) {
      const directory = checkDirectory(inode, generation);
      checkNoEntry(directory, name);
      checkSameTree(directory, other);
      const made = make(checkFree(other), first, time);
      const attributes = { ...modified(directory.attributes, time), nlink: linkCount(directory, linksToDirectory) };
      const written = { ...directory, attributes, entries: withEntry(directory.entries, name, made) };
      return { written: [written, made], body: attributesBody(made) };
    },
  });
}

export const create = creation((free, first, time) => {
  const { object, version, generation } = free;
  return {
    type: 'file',
    object,
    version,
    generation: generation + 1,
    attributes: newAttributes(first, 1, time),
  };
}, 0);

export const mkdir = creation((free, first, time) => {
  const { object, version, generation } = free;
  return {
    type: 'directory',
    object,
    version,
    generation: generation + 1,
    attributes: newAttributes(first, 2, time),
    entries: [],
  };
}, 1);
