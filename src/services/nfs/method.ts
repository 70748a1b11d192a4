import type { MethodKind } from '../../kernel/operation.ts';
import { decoding, type FieldReader } from '../../wire/packing.ts';
import type { Inode } from './inode.ts';
import { Refusal } from './refusal.ts';
import type { Body } from './result.ts';

/** What a method that was carried out leaves behind. */
export interface Done {
  /** All objects in their order, their versions not yet counted up; absent if they are as they were. */
  readonly written?: readonly Inode[];
  readonly body: Body;
}

export const NOTHING: Body = { type: 'nothing' };

/** How a method is declared. `run` throws Refusal. */
interface Declaration<Argument> {
  readonly kind: MethodKind;
  /** What its argument consists of, for the message to those who send another. */
  readonly takes: string;
  /** How many objects it works on beside the first. */
  readonly others: { readonly least: number; readonly most: number };
  read(fields: FieldReader): Argument;
  run(argument: Argument, inode: Inode, others: readonly Inode[]): Done;
}

export interface Method {
  readonly kind: MethodKind;
  /** Throws Refusal. */
  execute(argument: Uint8Array, inode: Inode, others: readonly Inode[]): Done;
}

export function method<Argument>(declaration: Declaration<Argument>): Method {
  const { kind, takes, others: count } = declaration;
  return {
    kind,
    execute(bytes, inode, others) {
      if (others.length < count.least || others.length > count.most) {
        throw new Refusal('NFS3ERR_INVAL', `works on ${objectsText(count)}, not on ${1 + others.length}`);
      }
      const argument = decoding(bytes, (fields) => {
        const read = declaration.read(fields);
        fields.end();
        return read;
      });
      if (argument === undefined) throw new Refusal('NFS3ERR_INVAL', `takes ${takes}`);
      return declaration.run(argument, inode, others);
    },
  };
}

function objectsText({ least, most }: { readonly least: number; readonly most: number }): string {
  if (least === most) return least === 0 ? 'one object' : `${1 + least} objects`;
  return `${1 + least} to ${1 + most} objects`;
}
