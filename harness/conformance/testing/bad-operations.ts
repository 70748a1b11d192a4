import type { Operation } from '../../../src/kernel/operation.ts';
import type { Service } from '../../../src/kernel/service.ts';
import { counterService } from '../../../src/services/counter.ts';
import { kvService } from '../../../src/services/kv.ts';
import { nfsService } from '../../../src/services/nfs/nfs.ts';
import { create, getattr, link, lookup, readdir, remove, rename, setattr } from '../../../src/services/nfs/requests.ts';
import { nullService } from '../../../src/services/null.ts';
import { makeSwapArgument } from '../../../src/services/versioned-value.ts';
import { pack } from '../../../src/wire/packing.ts';

/** What a service is asked that it must not do, and the words in which it says so. */
export interface BadOperation {
  readonly what: string;
  readonly operation: Operation;
  readonly says: string;
}

export interface BadOperations {
  readonly service: Service;
  /** What makes the state that the bad operations then meet. */
  readonly before: readonly Operation[];
  readonly bad: readonly BadOperation[];
  /** What tells the state afterwards. */
  readonly queries: readonly Operation[];
}

const NOTHING = new Uint8Array(0);
const bad = (what: string, operation: Operation, says: string): BadOperation => ({ what, operation, says });

const fetch: Operation = { object: 'a', method: 'fetch', argument: NOTHING };
const increment: Operation = { object: 'a', method: 'increment', argument: NOTHING };
const COUNTER_SAYS = 'counter: no such method, or an argument or a second object where none belongs';

const counter: BadOperations = {
  service: counterService.create({}),
  before: [increment],
  bad: [
    bad('an unknown method', { ...increment, method: 'decrement' }, COUNTER_SAYS),
    bad('an argument to an update', { ...increment, argument: Uint8Array.of(1) }, COUNTER_SAYS),
    bad('an argument to a query', { ...fetch, argument: Uint8Array.of(1) }, COUNTER_SAYS),
    bad('a second object', { ...increment, others: ['b'] }, COUNTER_SAYS),
    bad('a query of two objects', { ...fetch, others: ['b'] }, COUNTER_SAYS),
  ],
  queries: [fetch, { ...fetch, object: 'b' }],
};

const get: Operation = { object: 'a', method: 'get', argument: NOTHING };
const swap = (version: number, bytes: number): Operation => ({
  object: 'a',
  method: 'compareAndSwap',
  argument: makeSwapArgument(version, new Uint8Array(bytes)),
});
const TOO_LARGE = 64 * 1024 + 1;

const kv: BadOperations = {
  service: kvService.create({}),
  before: [{ object: 'a', method: 'put', argument: Uint8Array.of(1, 2, 3) }],
  bad: [
    bad('an unknown key', { ...get, object: 'never written' }, 'kv: no such key'),
    bad('an unknown method', { ...get, method: 'remove' }, 'kv: no such method'),
    bad('an argument to a query', { ...get, argument: Uint8Array.of(1) }, 'kv: get takes no argument'),
    bad(
      'too large a value',
      { ...get, method: 'put', argument: new Uint8Array(TOO_LARGE) },
      'kv: a value of 65537 bytes',
    ),
    bad('too large a value to swap in', swap(1, TOO_LARGE), 'kv: a value of 65537 bytes'),
    bad(
      'a malformed swap',
      { ...swap(1, 0), argument: Uint8Array.of(1) },
      'kv: compareAndSwap takes a version and a value',
    ),
    bad('a swap on another version', swap(7, 1), 'kv: the key is at version 1, not 7'),
  ],
  queries: [get, { ...get, object: 'never written' }],
};

const root = { object: 'r', generation: 1 };
const directory = { object: 'r/1', generation: 1 };
const file = { object: 'r/2', generation: 1 };
const removed = { object: 'r/3', generation: 1 };
const first = { mode: 0o644, uid: 0, gid: 0 };
const place = (name: string) => ({ directory, name });

const nfs: BadOperations = {
  service: nfsService.create({}),
  before: [
    setattr(root, { mode: 0o700 }, 1),
    create('mkdir', root, 'd', 'r/1', first, 2),
    create('create', directory, 'f', 'r/2', first, 3),
    create('create', directory, 'g', 'r/3', first, 4),
    remove('remove', directory, 'g', 'r/3', 5),
  ],
  bad: [
    bad(
      'an unknown handle',
      getattr({ object: 'r/9', generation: 1 }),
      'nfs: NFS3ERR_BADHANDLE getattr: object "r/9" was never made',
    ),
    bad('a stale generation', setattr({ ...root, generation: 2 }, {}, 6), 'nfs: NFS3ERR_STALE setattr: object "r"'),
    bad('an entry that is not there', lookup(root, 'q'), 'nfs: NFS3ERR_NOENT lookup: no entry "q"'),
    bad(
      'a malformed argument',
      { ...getattr(root), argument: Uint8Array.of(0xc1) },
      'nfs: NFS3ERR_INVAL getattr: takes a generation',
    ),
    bad('an unknown method', { ...getattr(root), method: 'symlink' }, 'nfs: NFS3ERR_NOTSUPP no such method'),
    bad(
      'too few objects',
      { object: 'r', method: 'create', argument: pack([1, 6, 'q', 0, 0, 0]) },
      'nfs: NFS3ERR_INVAL create: works on 2 objects',
    ),
    bad('too many objects', { ...getattr(root), others: ['r/1'] }, 'nfs: NFS3ERR_INVAL getattr: works on one object'),
    bad(
      'too long a name',
      lookup(root, 'q'.repeat(256)),
      'nfs: NFS3ERR_NAMETOOLONG lookup: a name has at most 255 bytes',
    ),
    bad(
      'too long a name to create',
      create('create', root, 'q'.repeat(256), 'r/9', first, 6),
      'nfs: NFS3ERR_NAMETOOLONG create:',
    ),
    // BADHANDLE where the protocol was not asked to make and remove it, STALE where it was.
    bad('a removed file', setattr(removed, { size: 1 }, 6), 'nfs: NFS3ERR_'),
    bad(
      'a removed file to link',
      link(directory, 'q', removed, 6),
      'nfs: NFS3ERR_STALE link: object "r/3" has been removed',
    ),
    bad(
      'a name that exists',
      create('create', directory, 'f', 'r/9', first, 6),
      'nfs: NFS3ERR_EXIST create: there is an entry "f"',
    ),
    bad(
      'a directory with entries',
      remove('rmdir', root, 'd', 'r/1', 6),
      'nfs: NFS3ERR_NOTEMPTY rmdir: directory "d" has entries',
    ),
    bad(
      'another object than the entry means',
      remove('remove', directory, 'f', 'r/3', 6),
      'nfs: ENTRY_CHANGED remove: entry "f" means "r/2"',
    ),
    bad(
      'a rename onto an object that is not named',
      rename(place('f'), { directory: root, name: 'd' }, 'r/2', undefined, 6),
      'nfs: ENTRY_CHANGED rename:',
    ),
    // No error: it succeeds and changes nothing.
    bad('a rename onto itself', rename(place('f'), place('f'), 'r/2', undefined, 6), ''),
  ],
  queries: [getattr(root), readdir(root), lookup(root, 'd'), readdir(directory), getattr(file), getattr(removed)],
};

const nothing: BadOperations = {
  service: nullService.create({}),
  before: [{ object: 'a', method: 'update', argument: NOTHING }],
  bad: [
    bad('an unknown method', { object: 'a', method: 'nothing', argument: NOTHING }, 'null: no such method'),
    bad(
      'a second object',
      { object: 'a', others: ['b'], method: 'update', argument: NOTHING },
      'null: works on one object',
    ),
  ],
  queries: [{ object: 'a', method: 'query', argument: NOTHING }],
};

export const badOperations: readonly BadOperations[] = [counter, kv, nfs, nothing];
