import type { Operation } from '../../../kernel/operation.ts';
import { StateMachine } from '../../state-machine.ts';
import type { Entries } from '../entries.ts';
import { type Handle, ROOT_GENERATION } from '../handle.ts';
import { nfsService } from '../nfs.ts';
import { create, getattr, readdir } from '../requests.ts';
import { type Body, decodeNfsResult, type FoundAttributes, type NfsResult } from '../result.ts';

export const ROOT: Handle = { object: 'r', generation: ROOT_GENERATION };
export const FIRST = { mode: 0o640, uid: 7, gid: 8 };

/** One tree, its operations carried out one after the other without a protocol. */
export class ServedTree {
  readonly machine = new StateMachine(nfsService.create({}));
  #time = 1_000;

  run(operation: Operation): NfsResult {
    const result = decodeNfsResult(this.machine.execute(operation));
    if (result === undefined) throw new Error('no result of this service');
    return result;
  }

  /** Of the new object. */
  make(method: 'create' | 'mkdir', directory: Handle, name: string, object: string): Handle {
    const { body } = this.run(create(method, directory, name, object, FIRST, this.#time++));
    if (body.type !== 'attributes') throw new Error(`${method} ${name}: ${textOf(body)}`);
    return { object, generation: body.attributes.generation };
  }

  attributes(handle: Handle): FoundAttributes | undefined {
    const { body } = this.run(getattr(handle));
    return body.type === 'attributes' ? body.attributes : undefined;
  }

  entries(directory: Handle): Entries {
    const { body } = this.run(readdir(directory));
    return body.type === 'entries' ? body.entries : [];
  }

  names(directory: Handle): string[] {
    return this.entries(directory).map(({ name }) => name);
  }
}

export function textOf(body: Body): string {
  return body.type === 'message' ? body.message : '';
}
