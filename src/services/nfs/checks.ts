import { type Entry, findEntry } from './entries.ts';
import { type Handle, rootOf, sameHandle } from './handle.ts';
import { type DirectoryInode, type Inode, MOST_NAME_BYTES, type UsedInode } from './inode.ts';
import { Refusal } from './refusal.ts';

/** What methods check before they change anything; each throws Refusal. */
const utf8 = new TextEncoder();
const MOST_BYTES_PER_UNIT = 3;
/** Half of a character, which UTF-8 cannot say: such a name would come back as another. */
const HALF_CHARACTER = /\p{Surrogate}/u;

/** A name in a message: in one line, whatever is in it. */
export function quoted(name: string): string {
  return JSON.stringify(name);
}

/** `.` and `..` are left to clients, as in NFSv4. */
export function checkName(name: string): void {
  if (name.length * MOST_BYTES_PER_UNIT > MOST_NAME_BYTES && utf8.encode(name).length > MOST_NAME_BYTES) {
    throw new Refusal('NFS3ERR_NAMETOOLONG', `a name has at most ${MOST_NAME_BYTES} bytes`);
  }
  if (name === '.' || name === '..' || name.includes('/') || name.includes('\0') || HALF_CHARACTER.test(name)) {
    throw new Refusal('NFS3ERR_INVAL', `${quoted(name)} cannot be the name of an entry`);
  }
}

/** The file or directory that a handle of this generation means. */
export function checkUsed(inode: Inode, generation: number): UsedInode {
  const { object } = inode;
  if (inode.generation === 0) throw new Refusal('NFS3ERR_BADHANDLE', `object ${quoted(object)} was never made`);
  if (inode.type === 'free') throw new Refusal('NFS3ERR_STALE', `object ${quoted(object)} has been removed`);
  if (inode.generation === generation) return inode;
  throw new Refusal(
    'NFS3ERR_STALE',
    `object ${quoted(object)} is of generation ${inode.generation}, not ${generation}`,
  );
}

export function checkDirectory(inode: Inode, generation: number): DirectoryInode {
  const used = checkUsed(inode, generation);
  if (used.type === 'directory') return used;
  throw new Refusal('NFS3ERR_NOTDIR', `object ${quoted(inode.object)} is no directory`);
}

export function checkEntry({ entries }: DirectoryInode, name: string): Entry {
  checkName(name);
  const entry = findEntry(entries, name);
  if (entry === undefined) throw new Refusal('NFS3ERR_NOENT', `no entry ${quoted(name)}`);
  return entry;
}

export function checkNoEntry({ entries }: DirectoryInode, name: string): void {
  checkName(name);
  const entry = findEntry(entries, name);
  if (entry !== undefined) throw new Refusal('NFS3ERR_EXIST', `there is an entry ${quoted(name)}`, entry);
}

/** What the entry means is the object that the operation names. */
export function checkMeans(entry: Entry, inode: Inode): UsedInode {
  if (inode.type !== 'free' && sameHandle(entry, inode)) return inode;
  throw entryChanged(entry, `not the ${quoted(inode.object)} that was named`);
}

export function entryChanged({ name, object, generation }: Entry, otherwise: string): Refusal {
  return new Refusal('ENTRY_CHANGED', `entry ${quoted(name)} means ${quoted(object)}, ${otherwise}`, {
    object,
    generation,
  });
}

export function checkSameTree(a: Handle, b: Handle): void {
  if (rootOf(a.object) === rootOf(b.object)) return;
  throw new Refusal('NFS3ERR_XDEV', `${quoted(a.object)} and ${quoted(b.object)} are of different trees`);
}
