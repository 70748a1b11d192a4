import type { Operation } from '../../kernel/operation.ts';
import { pack } from '../../wire/packing.ts';
import { changeFields, type FirstAttributes, type SettableAttributes } from './attributes.ts';
import type { Handle } from './handle.ts';

/**
 * The operations of this service as clients ask for them. `object`, where a method takes one, is the name that the client expects the
 * directory's entry to mean, or the free one that it has chosen; the service checks that.
 */
export function getattr({ object, generation }: Handle): Operation {
  return { object, method: 'getattr', argument: pack([generation]) };
}

export function setattr({ object, generation }: Handle, changes: Partial<SettableAttributes>, time: number): Operation {
  return { object, method: 'setattr', argument: pack([generation, time, ...changeFields(changes)]) };
}

export function lookup({ object, generation }: Handle, name: string): Operation {
  return { object, method: 'lookup', argument: pack([generation, name]) };
}

export function readdir({ object, generation }: Handle): Operation {
  return { object, method: 'readdir', argument: pack([generation]) };
}

/** A new file (`create`) or directory (`mkdir`). */
export function create(
  method: 'create' | 'mkdir',
  directory: Handle,
  name: string,
  object: string,
  { mode, uid, gid }: FirstAttributes,
  time: number,
): Operation {
  const argument = pack([directory.generation, time, name, mode, uid, gid]);
  return { object: directory.object, others: [object], method, argument };
}

/** Takes away a file's name (`remove`) or an empty directory (`rmdir`). */
export function remove(
  method: 'remove' | 'rmdir',
  directory: Handle,
  name: string,
  object: string,
  time: number,
): Operation {
  return {
    object: directory.object,
    others: [object],
    method,
    argument: pack([directory.generation, time, name]),
  };
}

/** A name in a directory. */
export interface Place {
  readonly directory: Handle;
  readonly name: string;
}

/** `replaced` is the object that `to` means so far, unless that is `object` itself. */
export function rename(from: Place, to: Place, object: string, replaced: string | undefined, time: number): Operation {
  const across = to.directory.object !== from.directory.object;
  const fields = [from.directory.generation, time, from.name, to.name];
  return {
    object: from.directory.object,
    others: [...(across ? [to.directory.object] : []), object, ...(replaced === undefined ? [] : [replaced])],
    method: 'rename',
    argument: pack(across ? [...fields, to.directory.generation] : fields),
  };
}

export function link(directory: Handle, name: string, file: Handle, time: number): Operation {
  const argument = pack([directory.generation, time, name, file.generation]);
  return { object: directory.object, others: [file.object], method: 'link', argument };
}
