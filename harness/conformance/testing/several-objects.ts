import type { Protocol } from '../../../src/kernel/erased-protocol.ts';

/** TODO: empty this set, and then remove it, once these protocols carry out operations of several objects. */
const WITHOUT_SEVERAL_OBJECTS: ReadonlySet<string> = new Set(['qu', 'rcw']);

export function supportsSeveralObjects({ name }: Protocol): boolean {
  return !WITHOUT_SEVERAL_OBJECTS.has(name);
}
