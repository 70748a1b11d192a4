import type { MethodKind } from '../../kernel/operation.ts';
import type { Execution } from '../../kernel/service.ts';
import { create, mkdir } from './creation.ts';
import { decodeInode, encodeInode, type Inode, MOST_DIRECTORY_BYTES } from './inode.ts';
import { link } from './link.ts';
import type { Done, Method } from './method.ts';
import { getattr, lookup, readdir } from './queries.ts';
import { Refusal } from './refusal.ts';
import { remove, rmdir } from './removal.ts';
import { rename } from './rename.ts';
import { encodeNfsResult } from './result.ts';
import { setattr } from './setattr.ts';
import { NfsStatus } from './status.ts';

const methods: ReadonlyMap<string, Method> = new Map(
  Object.entries({ getattr, setattr, lookup, create, remove, mkdir, rmdir, readdir, rename, link }),
);

export const nfsMethods: ReadonlyMap<string, MethodKind> = new Map(
  [...methods].map(([name, { kind }]) => [name, kind] as const),
);

/** Total: what cannot be carried out leaves all states as they are and is answered with a status and a line that says why. */
export function execute(
  state: Uint8Array,
  name: string,
  argument: Uint8Array,
  others: readonly Uint8Array[] = [],
): Execution {
  const states = [state, ...others];
  const inodes = states.map(decodeInode);
  try {
    const { written, body } = carryOut(name, argument, inodes);
    if (written === undefined) return { state, result: resultOf(NfsStatus.NFS3_OK, inodes, false, body) };
    const after = written.map((inode) => ({ ...inode, version: inode.version + 1 }));
    const [stateAfter = state, ...othersAfter] = after.map(encodedInode);
    const result = resultOf(NfsStatus.NFS3_OK, after, true, body);
    return others.length === 0 ? { state: stateAfter, result } : { state: stateAfter, result, others: othersAfter };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { status, message, handle } = error;
    const method = methods.has(name) ? `${name}: ` : '';
    const body = { type: 'message', message: `nfs: ${status} ${method}${message}`, handle } as const;
    return { state, result: resultOf(NfsStatus[status], inodes, false, body) };
  }
}

/** Throws Refusal. */
function carryOut(name: string, argument: Uint8Array, inodes: readonly (Inode | undefined)[]): Done {
  const method = methods.get(name);
  if (method === undefined) throw new Refusal('NFS3ERR_NOTSUPP', 'no such method');
  const readable = inodes.filter((inode) => inode !== undefined);
  const [inode, ...others] = readable;
  if (inode === undefined || readable.length < inodes.length) {
    throw new Refusal('NFS3ERR_SERVERFAULT', 'a state that is none of this service');
  }
  if (new Set(readable.map(({ object }) => object)).size < readable.length) {
    throw new Refusal('NFS3ERR_INVAL', 'an object is named twice');
  }
  return method.execute(argument, inode, others);
}

function encodedInode(inode: Inode): Uint8Array {
  const state = encodeInode(inode);
  if (inode.type !== 'directory' || state.length <= MOST_DIRECTORY_BYTES) return state;
  throw new Refusal('NFS3ERR_NOSPC', `the directory would take more than ${MOST_DIRECTORY_BYTES} bytes`);
}

function resultOf(
  status: NfsStatus,
  inodes: readonly (Inode | undefined)[],
  wrote: boolean,
  body: Done['body'],
): Uint8Array {
  return encodeNfsResult({ status, wrote, versions: inodes.map((inode) => inode?.version ?? 0), body });
}
