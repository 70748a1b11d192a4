/**
 * What a file or directory is known by: an object's name, chosen by the client that creates it, and its generation. A removed object can be used
 * again, as inodes are; its generation is then another, by which handles from before are known as stale.
 */
export interface Handle {
  readonly object: string;
  /** From 1; 0 is an object that was never in use. */
  readonly generation: number;
}

/** The generation of every root, which is there from the beginning and cannot be removed. */
export const ROOT_GENERATION = 1;

const SEPARATOR = '/';

/** Objects of a tree are named `<root>/…`; a name without a slash is a root's. */
export function isRoot(object: string): boolean {
  return !object.includes(SEPARATOR);
}

export function rootOf(object: string): string {
  const end = object.indexOf(SEPARATOR);
  return end < 0 ? object : object.slice(0, end);
}

export function objectBelow(root: string, name: string): string {
  return `${root}${SEPARATOR}${name}`;
}

export function sameHandle(a: Handle, b: Handle): boolean {
  return a.object === b.object && a.generation === b.generation;
}
