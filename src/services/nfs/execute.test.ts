import { beforeEach, describe, expect, test } from 'vitest';
import type { Operation } from '../../kernel/operation.ts';
import { pack } from '../../wire/packing.ts';
import { MOST_LINKS } from './attributes.ts';
import { execute } from './execute.ts';
import type { Handle } from './handle.ts';
import { decodeInode, encodeInode, initialInode } from './inode.ts';
import { create, getattr, link, lookup, readdir, remove, rename, setattr } from './requests.ts';
import { decodeNfsResult } from './result.ts';
import { NfsStatus, type StatusName } from './status.ts';
import { FIRST, ROOT, ServedTree, textOf } from './testing/served-tree.ts';

const TIME = 5_000;
const OTHER_ROOT: Handle = { object: 's', generation: 1 };

/**
 * r (root) with directories x and y and an empty one, z; x holds files a and b, y holds file c and a second name of a, called l; the file
 * once called `gone` was removed.
 */
let tree: ServedTree;
let [x, y, z, a, b, c, gone]: Handle[] = [];

function made(handle: Handle | undefined): Handle {
  if (handle === undefined) throw new Error('the tree was not built');
  return handle;
}

beforeEach(() => {
  tree = new ServedTree();
  x = tree.make('mkdir', ROOT, 'x', 'r/1');
  y = tree.make('mkdir', ROOT, 'y', 'r/2');
  z = tree.make('mkdir', ROOT, 'z', 'r/3');
  a = tree.make('create', x, 'a', 'r/4');
  b = tree.make('create', x, 'b', 'r/5');
  c = tree.make('create', y, 'c', 'r/6');
  tree.run(link(y, 'l', a, 1));
  gone = tree.make('create', x, 'gone', 'r/7');
  tree.run(remove('remove', x, 'gone', 'r/7', 2));
});

describe('what is carried out', () => {
  test('getattr tells what create was given, and one link', () => {
    expect(tree.attributes(made(b))).toEqual({
      type: 'file',
      generation: 1,
      ...FIRST,
      size: 0,
      atime: 1_004,
      mtime: 1_004,
      ctime: 1_004,
      nlink: 1,
    });
  });

  test('a root is a directory from the beginning', () => {
    expect(new ServedTree().attributes(ROOT)).toMatchObject({ type: 'directory', nlink: 2, generation: 1 });
    expect(new ServedTree().names(ROOT)).toEqual([]);
  });

  test('lookup tells the handle, readdir all entries by name', () => {
    expect(tree.run(lookup(made(y), 'l')).body).toEqual({ type: 'handle', handle: made(a) });
    expect(tree.entries(made(y))).toEqual([
      { name: 'c', ...made(c) },
      { name: 'l', ...made(a) },
    ]);
  });

  test('setattr changes what it names and the time of change', () => {
    const before = tree.attributes(made(b));
    const { body, wrote, versions } = tree.run(setattr(made(b), { size: 9, uid: 0, mtime: 77 }, TIME));
    const after = { ...before, size: 9, uid: 0, mtime: 77, ctime: TIME };
    expect([body, wrote, versions]).toEqual([{ type: 'attributes', attributes: after }, true, [2]]);
    expect(tree.attributes(made(b))).toEqual(after);
    expect(tree.run(setattr(made(z), { mode: 0 }, TIME)).status).toBe(NfsStatus.NFS3_OK);
  });

  test('create and mkdir change directory and object, each by one version', () => {
    const result = tree.run(create('mkdir', made(x), 'new', 'r/9', FIRST, TIME));
    // The directory's own making, three creations and a removal came before.
    expect(result).toMatchObject({ status: NfsStatus.NFS3_OK, wrote: true, versions: [6, 1] });
    expect(tree.attributes(made(x))).toMatchObject({ nlink: 3, mtime: TIME, ctime: TIME });
    expect(tree.attributes({ object: 'r/9', generation: 1 })).toMatchObject({ type: 'directory', nlink: 2, ...FIRST });
  });

  test('remove takes the last name and the file with it, or one name of several', () => {
    expect(tree.run(remove('remove', made(x), 'a', 'r/4', TIME)).wrote).toBe(true);
    expect(tree.attributes(made(a))).toMatchObject({ nlink: 1, ctime: TIME });
    expect(tree.run(remove('remove', made(y), 'l', 'r/4', TIME)).wrote).toBe(true);
    expect(tree.run(getattr(made(a))).status).toBe(NfsStatus.NFS3ERR_STALE);
    expect(tree.names(made(y))).toEqual(['c']);
  });

  test('a removed object serves again, and older handles stay stale', () => {
    const again = tree.make('create', made(x), 'again', 'r/7');
    expect(again).toEqual({ object: 'r/7', generation: 2 });
    expect(tree.run(getattr(made(gone))).status).toBe(NfsStatus.NFS3ERR_STALE);
    expect(tree.attributes(again)).toMatchObject({ generation: 2, nlink: 1 });
  });

  test('rmdir takes an empty directory away', () => {
    expect(tree.run(remove('rmdir', ROOT, 'z', 'r/3', TIME)).wrote).toBe(true);
    expect(tree.attributes(ROOT)).toMatchObject({ nlink: 4, mtime: TIME });
    expect(tree.run(readdir(made(z))).status).toBe(NfsStatus.NFS3ERR_STALE);
  });

  test('link gives a file a further name', () => {
    const { body, wrote } = tree.run(link(ROOT, 'k', made(b), TIME));
    expect([body, wrote]).toMatchObject([{ type: 'attributes', attributes: { nlink: 2, ctime: TIME } }, true]);
    expect(tree.names(ROOT)).toEqual(['k', 'x', 'y', 'z']);
  });

  const at = (directory: Handle | undefined, name: string) => ({ directory: made(directory), name });

  test('rename within a directory', () => {
    expect(tree.run(rename(at(x, 'a'), at(x, 'd'), 'r/4', undefined, TIME))).toMatchObject({
      wrote: true,
      versions: [6, 3],
    });
    expect(tree.names(made(x))).toEqual(['b', 'd']);
    expect(tree.attributes(made(a))).toMatchObject({ nlink: 2, ctime: TIME });
  });

  test('rename within a directory that replaces', () => {
    expect(tree.run(rename(at(x, 'a'), at(x, 'b'), 'r/4', 'r/5', TIME)).versions).toEqual([6, 3, 2]);
    expect(tree.entries(made(x))).toEqual([{ name: 'b', ...made(a) }]);
    expect(tree.run(getattr(made(b))).status).toBe(NfsStatus.NFS3ERR_STALE);
  });

  test('rename into another directory, replacing one name of a file with two', () => {
    expect(tree.run(rename(at(x, 'b'), at(y, 'l'), 'r/5', 'r/4', TIME)).versions).toEqual([6, 4, 2, 3]);
    expect(tree.names(made(x))).toEqual(['a']);
    expect(tree.entries(made(y))).toEqual([
      { name: 'c', ...made(c) },
      { name: 'l', ...made(b) },
    ]);
    expect(tree.attributes(made(a))).toMatchObject({ nlink: 1 });
  });

  test('rename of a directory within its parent, onto an empty one too', () => {
    expect(tree.run(rename(at(ROOT, 'x'), at(ROOT, 'z'), 'r/1', 'r/3', TIME)).wrote).toBe(true);
    expect(tree.entries(ROOT)).toEqual([
      { name: 'y', ...made(y) },
      { name: 'z', ...made(x) },
    ]);
    expect(tree.attributes(ROOT)).toMatchObject({ nlink: 4 });
  });

  test.each<[string, () => Operation]>([
    ['from a name to itself', () => rename(at(x, 'a'), at(x, 'a'), 'r/4', undefined, TIME)],
    ['between two names of one file', () => rename(at(x, 'a'), at(y, 'l'), 'r/4', undefined, TIME)],
  ])('rename %s does nothing, successfully', (_what, operation) => {
    const before = Uint8Array.from(tree.machine.snapshot());
    expect(tree.run(operation())).toMatchObject({ status: NfsStatus.NFS3_OK, wrote: false, body: { type: 'nothing' } });
    expect(Buffer.compare(tree.machine.snapshot(), before)).toBe(0);
  });
});

describe('what is refused', () => {
  type Refused = [what: string, operation: () => Operation, status: StatusName, text: string];
  const at = (directory: Handle | undefined, name: string) => ({ directory: made(directory), name });
  const plain = (object: string, method: string, argument: Uint8Array, others: string[] = []): Operation => ({
    object,
    others,
    method,
    argument,
  });
  const queries: Refused[] = [
    ['getattr of a removed file', () => getattr(made(gone)), 'NFS3ERR_STALE', 'getattr: object "r/7" has been removed'],
    [
      'getattr of a later generation',
      () => getattr({ ...made(a), generation: 2 }),
      'NFS3ERR_STALE',
      'getattr: object "r/4" is of generation 1, not 2',
    ],
    [
      'getattr of an object that never was',
      () => getattr({ object: 'r/99', generation: 1 }),
      'NFS3ERR_BADHANDLE',
      'getattr: object "r/99" was never made',
    ],
    ['lookup of no entry', () => lookup(made(x), 'q'), 'NFS3ERR_NOENT', 'lookup: no entry "q"'],
    ['lookup in a file', () => lookup(made(a), 'q'), 'NFS3ERR_NOTDIR', 'lookup: object "r/4" is no directory'],
    [
      'lookup of the parent',
      () => lookup(made(x), '..'),
      'NFS3ERR_INVAL',
      'lookup: ".." cannot be the name of an entry',
    ],
    ['readdir of a file', () => readdir(made(a)), 'NFS3ERR_NOTDIR', 'readdir: object "r/4" is no directory'],
    [
      'a query with an argument of another',
      () => plain('r', 'readdir', pack([1, 2])),
      'NFS3ERR_INVAL',
      'readdir: takes a generation',
    ],
    [
      'a query of two objects',
      () => plain('r', 'getattr', pack([1]), ['r/1']),
      'NFS3ERR_INVAL',
      'getattr: works on one object, not on 2',
    ],
  ];
  const makers: Refused[] = [
    [
      'setattr of a removed file',
      () => setattr(made(gone), { uid: 1 }, TIME),
      'NFS3ERR_STALE',
      'setattr: object "r/7" has been removed',
    ],
    [
      "setattr of a directory's size",
      () => setattr(made(x), { size: 1 }, TIME),
      'NFS3ERR_ISDIR',
      'setattr: the size of a directory cannot be set',
    ],
    [
      'setattr with a mode out of range',
      () => plain('r', 'setattr', pack([1, 0, 1, 0o10000])),
      'NFS3ERR_INVAL',
      'setattr: takes a generation, a time, and the attributes to set',
    ],
    [
      'create of what exists',
      () => create('create', made(x), 'a', 'r/9', FIRST, TIME),
      'NFS3ERR_EXIST',
      'create: there is an entry "a"',
    ],
    [
      'mkdir of what exists',
      () => create('mkdir', ROOT, 'x', 'r/9', FIRST, TIME),
      'NFS3ERR_EXIST',
      'mkdir: there is an entry "x"',
    ],
    [
      'create with an object in use',
      () => create('create', made(x), 'q', 'r/6', FIRST, TIME),
      'NFS3ERR_BADHANDLE',
      'create: object "r/6" is in use',
    ],
    [
      "create with another tree's object",
      () => create('create', made(x), 'q', 's/9', FIRST, TIME),
      'NFS3ERR_XDEV',
      'create: "r/1" and "s/9" are of different trees',
    ],
    [
      'create in a file',
      () => create('create', made(a), 'q', 'r/9', FIRST, TIME),
      'NFS3ERR_NOTDIR',
      'create: object "r/4" is no directory',
    ],
    [
      'create in a removed object',
      () => create('create', made(gone), 'q', 'r/9', FIRST, TIME),
      'NFS3ERR_STALE',
      'create: object "r/7" has been removed',
    ],
    [
      'create of a name with a slash',
      () => create('create', made(x), 'q/q', 'r/9', FIRST, TIME),
      'NFS3ERR_INVAL',
      'create: "q/q" cannot be the name of an entry',
    ],
    [
      'create of a name with a line break and a zero',
      () => create('create', made(x), '\n\0', 'r/9', FIRST, TIME),
      'NFS3ERR_INVAL',
      'create: "\\n\\u0000" cannot be the name of an entry',
    ],
    [
      'create of a long name',
      () => create('create', made(x), 'ä'.repeat(128), 'r/9', FIRST, TIME),
      'NFS3ERR_NAMETOOLONG',
      'create: a name has at most 255 bytes',
    ],
    [
      'create without an object',
      () => plain('r', 'create', pack([1, 0, 'q', 0, 0, 0])),
      'NFS3ERR_INVAL',
      'create: works on 2 objects, not on 1',
    ],
    [
      'create without a name',
      () => plain('r', 'create', pack([1, 0, '', 0, 0, 0]), ['r/9']),
      'NFS3ERR_INVAL',
      'create: takes a generation, a time, a name, mode, uid and gid',
    ],
    [
      'link of a directory',
      () => link(made(x), 'q', made(y), TIME),
      'NFS3ERR_INVAL',
      'link: object "r/2" is a directory, which has one name',
    ],
    [
      'link of a removed file',
      () => link(made(x), 'q', made(gone), TIME),
      'NFS3ERR_STALE',
      'link: object "r/7" has been removed',
    ],
    [
      'link to a name that exists',
      () => link(made(x), 'b', made(a), TIME),
      'NFS3ERR_EXIST',
      'link: there is an entry "b"',
    ],
    [
      "link of another tree's file",
      () => link(OTHER_ROOT, 'q', made(a), TIME),
      'NFS3ERR_XDEV',
      'link: "s" and "r/4" are of different trees',
    ],
  ];
  const removers: Refused[] = [
    ['remove of no entry', () => remove('remove', made(x), 'q', 'r/4', TIME), 'NFS3ERR_NOENT', 'remove: no entry "q"'],
    [
      'remove of another object',
      () => remove('remove', made(x), 'a', 'r/5', TIME),
      'ENTRY_CHANGED',
      'remove: entry "a" means "r/4", not the "r/5" that was named',
    ],
    [
      'remove of a directory',
      () => remove('remove', ROOT, 'z', 'r/3', TIME),
      'NFS3ERR_ISDIR',
      'remove: "z" is a directory',
    ],
    [
      'rmdir of a file',
      () => remove('rmdir', made(x), 'a', 'r/4', TIME),
      'NFS3ERR_NOTDIR',
      'rmdir: "a" is no directory',
    ],
    [
      'rmdir of a full directory',
      () => remove('rmdir', ROOT, 'x', 'r/1', TIME),
      'NFS3ERR_NOTEMPTY',
      'rmdir: directory "x" has entries',
    ],
    [
      'remove with too many objects',
      () => ({ ...remove('remove', made(x), 'a', 'r/4', TIME), others: ['r/4', 'r/5'] }),
      'NFS3ERR_INVAL',
      'remove: works on 2 objects, not on 3',
    ],
    [
      'rename of no entry',
      () => rename(at(x, 'q'), at(y, 'q'), 'r/4', undefined, TIME),
      'NFS3ERR_NOENT',
      'rename: no entry "q"',
    ],
    [
      'rename of another object',
      () => rename(at(x, 'a'), at(y, 'q'), 'r/5', undefined, TIME),
      'ENTRY_CHANGED',
      'rename: entry "a" means "r/4", not the "r/5" that was named',
    ],
    [
      'rename onto an object that is not named',
      () => rename(at(x, 'a'), at(y, 'c'), 'r/4', undefined, TIME),
      'ENTRY_CHANGED',
      'rename: entry "c" means "r/6", which the operation does not name',
    ],
    [
      'rename onto another than the named',
      () => rename(at(x, 'a'), at(y, 'c'), 'r/4', 'r/5', TIME),
      'ENTRY_CHANGED',
      'rename: entry "c" means "r/6", not the "r/5" that was named',
    ],
    [
      'rename onto nothing, though one is named',
      () => rename(at(x, 'a'), at(y, 'q'), 'r/4', 'r/5', TIME),
      'ENTRY_CHANGED',
      'rename: no entry "q", though one was to be replaced',
    ],
    [
      'rename of a directory into another',
      () => rename(at(ROOT, 'z'), at(x, 'q'), 'r/3', undefined, TIME),
      'NFS3ERR_NOTSUPP',
      'rename: "z" is a directory, which stays in its parent',
    ],
    [
      'rename of a directory beneath itself',
      () => rename(at(ROOT, 'x'), at(x, 'q'), 'r/1', undefined, TIME),
      'NFS3ERR_INVAL',
      'rename: an object is named twice',
    ],
    [
      'rename of a file onto a directory',
      () => rename(at(x, 'a'), at(ROOT, 'z'), 'r/4', 'r/3', TIME),
      'NFS3ERR_EXIST',
      'rename: a file cannot replace "z", a directory',
    ],
    [
      'rename onto a full directory',
      () => rename(at(ROOT, 'z'), at(ROOT, 'x'), 'r/3', 'r/1', TIME),
      'NFS3ERR_EXIST',
      'rename: directory "x" has entries',
    ],
    [
      'rename to a name that cannot be',
      () => rename(at(x, 'a'), at(x, '.'), 'r/4', undefined, TIME),
      'NFS3ERR_INVAL',
      'rename: "." cannot be the name of an entry',
    ],
    [
      'rename into a file',
      () => rename(at(x, 'a'), at(c, 'q'), 'r/4', undefined, TIME),
      'NFS3ERR_NOTDIR',
      'rename: object "r/6" is no directory',
    ],
    [
      'rename into another tree',
      () => rename(at(x, 'a'), at(OTHER_ROOT, 'q'), 'r/4', undefined, TIME),
      'NFS3ERR_XDEV',
      'rename: "r/1" and "s" are of different trees',
    ],
    [
      'rename with a directory too many',
      () => plain('r/1', 'rename', pack([1, 0, 'a', 'q']), ['r/4', 'r/5', 'r/6']),
      'NFS3ERR_INVAL',
      'rename: works on directories, what is renamed and what is replaced, nothing more or less',
    ],
    [
      'rename with a directory alone',
      () => plain('r/1', 'rename', pack([1, 0, 'a', 'q', 1]), ['r/2']),
      'NFS3ERR_INVAL',
      'rename: works on directories, what is renamed and what is replaced, nothing more or less',
    ],
    ['a method that there is not', () => plain('r', 'symlink', pack([1])), 'NFS3ERR_NOTSUPP', 'no such method'],
    [
      'an argument that is none',
      () => plain('r', 'getattr', Uint8Array.of(0xc1)),
      'NFS3ERR_INVAL',
      'getattr: takes a generation',
    ],
  ];

  test.each([...queries, ...makers, ...removers])('%s', (_what, operation, status, text) => {
    const asked = operation();
    const before = Uint8Array.from(tree.machine.snapshot());
    const { status: answered, wrote, versions, body } = tree.run(asked);
    expect(textOf(body)).toBe(`nfs: ${status} ${text}`);
    expect([answered, wrote]).toEqual([NfsStatus[status], false]);
    expect(versions).toHaveLength(1 + (asked.others?.length ?? 0));
    expect(Buffer.compare(tree.machine.snapshot(), before)).toBe(0);
  });

  test.each<[string, () => Operation, () => Handle | undefined]>([
    ['create', () => create('create', made(x), 'a', 'r/9', FIRST, TIME), () => a],
    ['remove', () => remove('remove', made(x), 'a', 'r/5', TIME), () => a],
    ['rename', () => rename(at(x, 'a'), at(y, 'c'), 'r/4', undefined, TIME), () => c],
  ])('%s on an entry that is not as expected tells what it means', (_what, operation, handle) => {
    expect(tree.run(operation()).body).toMatchObject({ handle: handle() });
  });

  test('a directory does not grow past its bound', () => {
    let last = tree.run(readdir(ROOT));
    const names = (n: number) => `${n}`.padStart(255, 'n');
    for (let n = 0; n < 1_000 && last.status === NfsStatus.NFS3_OK; n++) {
      last = tree.run(create('create', ROOT, names(n), `r/n${n}`, FIRST, TIME));
    }
    expect(textOf(last.body)).toBe('nfs: NFS3ERR_NOSPC create: the directory would take more than 65536 bytes');
    const { length } = tree.names(ROOT);
    expect(length).toBeGreaterThan(200);
    expect(tree.run(create('create', ROOT, names(length), `r/n${length}`, FIRST, TIME)).wrote).toBe(false);
    expect(tree.run(remove('remove', ROOT, names(0), 'r/n0', TIME)).status).toBe(NfsStatus.NFS3_OK);
  });

  test('a file does not get more links than the most', () => {
    const file = decodeInode(encodeInode({ ...initialInode('r/1'), generation: 1 }));
    if (file === undefined) throw new Error('no state');
    const attributes = { ...FIRST, size: 0, atime: 0, mtime: 0, ctime: 0, nlink: MOST_LINKS };
    const state = encodeInode({ ...file, type: 'file', attributes });
    const { argument } = link(ROOT, 'q', { object: 'r/1', generation: 1 }, TIME);
    const { result, others } = execute(encodeInode(initialInode('r')), 'link', argument, [state]);
    expect(others).toBeUndefined();
    expect(decodeNfsResult(result)?.status).toBe(NfsStatus.NFS3ERR_MLINK);
  });

  test('a state that is none of this service, or the same object twice', () => {
    const root = encodeInode(initialInode('r'));
    const refused = (states: Uint8Array[]) => {
      const [state = root, ...others] = states;
      const { argument } = link(ROOT, 'q', { object: 'r/1', generation: 1 }, TIME);
      const execution = execute(state, 'link', argument, others);
      expect(execution.state).toBe(state);
      const result = decodeNfsResult(execution.result);
      return result === undefined ? undefined : [result.status, textOf(result.body)];
    };
    const fault = [
      NfsStatus.NFS3ERR_SERVERFAULT,
      'nfs: NFS3ERR_SERVERFAULT link: a state that is none of this service',
    ];
    expect(refused([Uint8Array.of(1), root])).toEqual(fault);
    expect(refused([root, Uint8Array.of(1)])).toEqual(fault);
    expect(refused([root, root])).toEqual([
      NfsStatus.NFS3ERR_INVAL,
      'nfs: NFS3ERR_INVAL link: an object is named twice',
    ]);
  });
});
