/** Cycles are shortened from at most so many of their operations, each by one search through what is left of the graph. */
const MOST_SEARCHES = 20;

/**
 * What must come before what. Nodes 0 … operations − 1 are operations; further ones are auxiliary, with which all of many operations come
 * before all of many others in a number of edges that is the sum, not the product.
 */
export class PrecedenceGraph {
  readonly #operations: number;
  #nodes: number;
  readonly #from: number[] = [];
  readonly #to: number[] = [];

  constructor(operations: number) {
    this.#operations = operations;
    this.#nodes = operations;
  }

  addAuxiliary(): number {
    return this.#nodes++;
  }

  addEdge(from: number, to: number): void {
    this.#from.push(from);
    this.#to.push(to);
  }

  isOperation(node: number): boolean {
    return node < this.#operations;
  }

  /**
   * Undefined if there is an order that respects all edges. Otherwise the nodes of a cycle, an operation first, than which none is shorter, counted
   * in operations, through any of the first operations of some cycle.
   */
  cycle(): readonly number[] | undefined {
    const adjacency = this.#adjacency();
    const inCycles = this.#withoutOrder(adjacency);
    const operations = this.#anyCycle(inCycles).filter((node) => this.isOperation(node));
    let shortest: readonly number[] | undefined;
    for (const start of operations.slice(0, MOST_SEARCHES)) {
      const found = this.#shortestThrough(start, adjacency, inCycles);
      if (shortest === undefined || this.#operationsIn(found) < this.#operationsIn(shortest)) shortest = found;
    }
    return shortest;
  }

  #operationsIn(nodes: readonly number[]): number {
    return nodes.reduce((count, node) => count + (this.isOperation(node) ? 1 : 0), 0);
  }

  #adjacency(): Adjacency {
    const begin = new Uint32Array(this.#nodes + 1);
    for (const from of this.#from) begin[from + 1] = (begin[from + 1] ?? 0) + 1;
    for (let node = 0; node < this.#nodes; node++) begin[node + 1] = (begin[node + 1] ?? 0) + (begin[node] ?? 0);
    const next = begin.slice();
    const successors = new Uint32Array(this.#from.length);
    for (const [edge, from] of this.#from.entries()) {
      const position = next[from] ?? 0;
      successors[position] = this.#to[edge] ?? 0;
      next[from] = position + 1;
    }
    return { begin, successors };
  }

  /** For each node 1 if it is in a cycle or behind one: what a topological sort cannot reach [Kahn 1962]. */
  #withoutOrder(adjacency: Adjacency): Uint8Array {
    const waitsFor = new Uint32Array(this.#nodes);
    for (const to of this.#to) waitsFor[to] = (waitsFor[to] ?? 0) + 1;
    const ready: number[] = [];
    for (let node = 0; node < this.#nodes; node++) if (waitsFor[node] === 0) ready.push(node);
    for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
      for (const successor of successorsOf(adjacency, node)) {
        const left = (waitsFor[successor] ?? 0) - 1;
        waitsFor[successor] = left;
        if (left === 0) ready.push(successor);
      }
    }
    return Uint8Array.from(waitsFor, (left) => (left === 0 ? 0 : 1));
  }

  /** Some cycle, found by going back: whatever has no order has a predecessor that has none. Empty if all has an order. */
  #anyCycle(inCycles: Uint8Array): number[] {
    const predecessor = new Int32Array(this.#nodes).fill(-1);
    for (const [edge, from] of this.#from.entries()) {
      if (inCycles[from] === 1) predecessor[this.#to[edge] ?? 0] = from;
    }
    let node = inCycles.indexOf(1);
    if (node < 0) return [];
    const seenAt = new Map<number, number>();
    const path: number[] = [];
    while (!seenAt.has(node)) {
      seenAt.set(node, path.length);
      path.push(node);
      node = predecessor[node] ?? 0;
    }
    return path.slice(seenAt.get(node));
  }

  /** Breadth first; auxiliary nodes are as far away as the operation before them. */
  #shortestThrough(start: number, adjacency: Adjacency, inCycles: Uint8Array): readonly number[] {
    const parent = Int32Array.from(inCycles, (is) => (is === 1 ? NOT_REACHED : NO_NODE));
    let level = [start];
    while (level.length > 0) {
      const nextLevel: number[] = [];
      // The level grows by auxiliary nodes while it is gone through.
      for (const node of level) {
        const reached = successorsOf(adjacency, node).filter((successor) => parent[successor] === NOT_REACHED);
        for (const successor of reached) {
          parent[successor] = node;
          (this.isOperation(successor) ? nextLevel : level).push(successor);
        }
        if (parent[start] !== NOT_REACHED) return pathTo(start, parent);
      }
      level = nextLevel;
    }
    throw new Error(`node ${start} is in no cycle`);
  }
}

const NOT_REACHED = -1;
/** The parent of a node that is in no cycle. */
const NO_NODE = -2;

/** The successors of a node stand in `successors` from its `begin` up to that of the next. */
interface Adjacency {
  readonly begin: Uint32Array;
  readonly successors: Uint32Array;
}

function successorsOf({ begin, successors }: Adjacency, node: number): Uint32Array {
  return successors.subarray(begin[node], begin[node + 1]);
}

/** From `start` back to it, which is named once. */
function pathTo(start: number, parent: Int32Array): readonly number[] {
  const path = [start];
  for (let node = parent[start] ?? start; node !== start; node = parent[node] ?? start) path.push(node);
  return [start, ...path.slice(1).reverse()];
}
