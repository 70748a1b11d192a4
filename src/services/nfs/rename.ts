import { type Change, readChange, readGeneration, readName } from './arguments.ts';
import { modified } from './attributes.ts';
import { checkDirectory, checkEntry, checkMeans, checkName, checkSameTree, entryChanged, quoted } from './checks.ts';
import { type Entries, type Entry, findEntry, withEntry, withoutEntry } from './entries.ts';
import { sameHandle } from './handle.ts';
import type { DirectoryInode, Inode, UsedInode } from './inode.ts';
import { linkCount, unlinked } from './links.ts';
import { type Done, method, NOTHING } from './method.ts';
import { Refusal } from './refusal.ts';

interface Argument extends Change {
  readonly toName: string;
  /** Of the directory that the entry moves to, if that is another. */
  readonly toGeneration: number | undefined;
}

/**
 * Gives an entry another name, in its directory or another, and replaces what the name meant before. The objects are the
 * directory, the other directory if there is one, what is renamed, and what is replaced, if anything is.
 *
 * - Between two names of one file it does nothing and succeeds, as POSIX has it; so it does from a name to itself.
 * - A directory stays in its parent. It must not come beneath itself, and to know that it would not takes every directory above the new
 *   place: more objects than an operation may have, and the client would have to name them in advance.
 */
export const rename = method<Argument>({
  kind: 'update',
  takes: 'a generation, a time, two names and, where there is one, the generation of the other directory',
  others: { least: 1, most: 3 },
  read: (fields) => ({
    ...readChange(fields),
    toName: readName(fields),
    toGeneration: fields.remaining > 0 ? readGeneration(fields) : undefined,
  }),
  run(argument, inode, others) {
    const from = checkDirectory(inode, argument.generation);
    const { toGeneration } = argument;
    const [first = inode, ...rest] = others;
    if (toGeneration === undefined) return renamed(argument, from, undefined, others);
    const to = checkDirectory(first, toGeneration);
    checkSameTree(from, to);
    return renamed(argument, from, to, rest);
  },
});

/** `to` is undefined within one directory. */
function renamed(
  argument: Argument,
  from: DirectoryInode,
  to: DirectoryInode | undefined,
  [moving, replacing, ...surplus]: readonly Inode[],
): Done {
  if (moving === undefined || surplus.length > 0) {
    throw new Refusal(
      'NFS3ERR_INVAL',
      'works on directories, what is renamed and what is replaced, nothing more or less',
    );
  }
  const { name, toName, time } = argument;
  const entry = checkEntry(from, name);
  const moved = checkMeans(entry, moving);
  checkName(toName);
  const target = findEntry((to ?? from).entries, toName);
  if (target !== undefined && replacing === undefined && sameHandle(target, entry)) return { body: NOTHING };
  const replaced = checkReplaced(toName, target, replacing);
  if (to !== undefined && moved.type === 'directory') {
    throw new Refusal('NFS3ERR_NOTSUPP', `${quoted(name)} is a directory, which stays in its parent`);
  }
  if (replaced !== undefined) checkCompatible(toName, moved, replaced);

  const lost = replaced?.type === 'directory' ? -1 : 0;
  const directories =
    to === undefined
      ? [changed(from, withEntry(withoutEntry(from.entries, name), toName, entry), lost, time)]
      : [
          changed(from, withoutEntry(from.entries, name), 0, time),
          changed(to, withEntry(to.entries, toName, entry), 0, time),
        ];
  const movedNow = { ...moved, attributes: { ...moved.attributes, ctime: time } };
  const replacedNow = replaced === undefined ? [] : [unlinked(replaced, time)];
  return { written: [...directories, movedNow, ...replacedNow], body: NOTHING };
}

/** What the new name means so far, which must be what the operation names, if it names anything. */
function checkReplaced(name: string, target: Entry | undefined, inode: Inode | undefined): UsedInode | undefined {
  if (target === undefined && inode === undefined) return undefined;
  if (target === undefined)
    throw new Refusal('ENTRY_CHANGED', `no entry ${quoted(name)}, though one was to be replaced`);
  if (inode === undefined) throw entryChanged(target, 'which the operation does not name');
  return checkMeans(target, inode);
}

/** RFC 1813, §3.3.14: both no directories, or both directories and the one that goes is empty. */
function checkCompatible(name: string, moved: UsedInode, replaced: UsedInode): void {
  if (replaced.type === 'directory' && replaced.entries.length > 0) {
    throw new Refusal('NFS3ERR_EXIST', `directory ${quoted(name)} has entries`, replaced);
  }
  if (moved.type !== replaced.type) {
    throw new Refusal('NFS3ERR_EXIST', `a ${moved.type} cannot replace ${quoted(name)}, a ${replaced.type}`, replaced);
  }
}

function changed(directory: DirectoryInode, entries: Entries, links: number, time: number): DirectoryInode {
  const nlink = linkCount(directory, links);
  return { ...directory, entries, attributes: { ...modified(directory.attributes, time), nlink } };
}
