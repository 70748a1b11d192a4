import { type Handle, sameHandle } from '../handle.ts';
import { ROOT } from './served-tree.ts';

/** A file or directory as a program would keep it that has the whole tree in its memory. */
export interface ModelNode {
  readonly handle: Handle;
  /** Undefined for a file. */
  readonly entries: Map<string, ModelNode> | undefined;
}

/**
 * A file tree without any of the service's encoding, states or versions. Every method answers whether the operation is carried out, and carries it
 * out; why not is left to the tests of each error. `object` is what the operation names as the other object.
 */
export class TreeModel {
  readonly root: ModelNode = { handle: ROOT, entries: new Map() };
  readonly #generations = new Map<string, number>();

  /** Every file and directory that has a name, and the root. */
  nodes(): readonly ModelNode[] {
    const found = new Set([this.root]);
    for (const { entries } of found) for (const child of entries?.values() ?? []) found.add(child);
    return [...found];
  }

  find(handle: Handle): ModelNode | undefined {
    return this.nodes().find((node) => sameHandle(node.handle, handle));
  }

  /** By RFC 1813: the names of a file; for a directory 2 and its subdirectories. */
  linksOf(node: ModelNode): number {
    if (node.entries !== undefined) {
      return 2 + [...node.entries.values()].filter(({ entries }) => entries !== undefined).length;
    }
    const names = this.nodes().flatMap(({ entries }) => [...(entries?.values() ?? [])]);
    return names.filter((child) => child === node).length;
  }

  create(directory: Handle, name: string, object: string, kind: 'create' | 'mkdir'): boolean {
    const entries = this.find(directory)?.entries;
    const inUse = this.nodes().some(({ handle }) => handle.object === object);
    if (entries === undefined || entries.has(name) || inUse) return false;
    const generation = (this.#generations.get(object) ?? 0) + 1;
    this.#generations.set(object, generation);
    entries.set(name, { handle: { object, generation }, entries: kind === 'mkdir' ? new Map() : undefined });
    return true;
  }

  remove(directory: Handle, name: string, object: string, kind: 'remove' | 'rmdir'): boolean {
    const entries = this.find(directory)?.entries;
    const node = entries?.get(name);
    if (entries === undefined || node === undefined || node.handle.object !== object) return false;
    const removable = kind === 'remove' ? node.entries === undefined : node.entries?.size === 0;
    if (removable) entries.delete(name);
    return removable;
  }

  link(directory: Handle, name: string, file: Handle): boolean {
    const entries = this.find(directory)?.entries;
    const node = this.find(file);
    if (entries === undefined || entries.has(name) || node === undefined || node.entries !== undefined) return false;
    entries.set(name, node);
    return true;
  }

  rename(
    from: Handle,
    name: string,
    to: Handle,
    toName: string,
    object: string,
    replaced: string | undefined,
  ): boolean {
    const [source, target] = [this.find(from)?.entries, this.find(to)?.entries];
    const moved = source?.get(name);
    if (source === undefined || target === undefined || moved?.handle.object !== object) return false;
    const former = target.get(toName);
    if (former === moved) return replaced === undefined;
    if (former?.handle.object !== replaced) return false;
    if (moved.entries !== undefined && source !== target) return false;
    if (former !== undefined && (former.entries === undefined) !== (moved.entries === undefined)) return false;
    if (former?.entries !== undefined && former.entries.size > 0) return false;
    source.delete(name);
    target.set(toName, moved);
    return true;
  }
}
