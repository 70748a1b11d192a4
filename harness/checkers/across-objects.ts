import type { Microseconds } from '../../src/kernel/time.ts';
import { type ObjectTimeline, objectTimeline } from './object-timeline.ts';
import { at, entriesByObject, type OperationLog, operationAt } from './operation-log.ts';
import { PrecedenceGraph } from './precedence-graph.ts';
import { spanText, type Words } from './write-order.ts';

/**
 * Whether operations of several objects are strictly serializable: whether there is one order of all operations that is that of each object
 * and in which none comes before what had ended when it began. To be called where every object for itself is in order. Exact in
 * O(n log n) if all outcomes are known, because then each object's order is: what comes before what is a graph, and an order exists if it
 * has no cycle. Objects that no operation links with others need not be looked at, because linearizability is local [Herlihy and
 * Wing 1990, §3.2] if linked objects are thought of as one.
 *
 * An operation of unknown outcome was carried out on all of its objects or on none. Where an object misses as many writes as have no known
 * outcome, each of them was carried out; then it has its place in the gaps of that object, and on its others in a gap or after all
 * that is known. That finds an operation that was carried out by halves: it is missing where something came after it. Where more operations than
 * gaps are of unknown outcome, nothing is concluded, so that no history is refused that some choice among them explains.
 */
export function contradictionAcross(log: OperationLog, startUs: Microseconds, words: Words): string | undefined {
  if (log.length === log.operations) return undefined;
  return new Precedence(log).contradiction(startUs, words);
}

/** In place of an object, for auxiliary nodes of real time. */
const REAL_TIME = -1;
/** For an operation that may never have been carried out. */
const NO_NODE = -1;

class Precedence {
  readonly #log: OperationLog;
  /** Of the objects that operations link with others. */
  readonly #timelines: ReadonlyMap<number, ObjectTimeline>;
  /** By node: the operations on those objects that were carried out. */
  readonly #operations: readonly number[];
  /** By operation. */
  readonly #nodes: Int32Array;
  readonly #graph: PrecedenceGraph;
  /** The object of each auxiliary node, or real time. */
  readonly #reasons: number[] = [];

  constructor(log: OperationLog) {
    this.#log = log;
    const linked = entriesByObject(log, linkedObjects(log));
    this.#timelines = new Map(Array.from(linked, ([object, entries]) => [object, objectTimeline(log, entries)]));
    this.#operations = carriedOut(log, this.#timelines);
    this.#nodes = new Int32Array(log.operations).fill(NO_NODE);
    for (const [node, operation] of this.#operations.entries()) this.#nodes[operation] = node;
    this.#graph = new PrecedenceGraph(this.#operations.length);
  }

  contradiction(startUs: Microseconds, words: Words): string | undefined {
    for (const [object, timeline] of this.#timelines) this.#orderAt(object, timeline);
    this.#orderInTime();
    const cycle = this.#graph.cycle();
    return cycle === undefined ? undefined : this.#describe(cycle, startUs, words);
  }

  /** The auxiliary nodes stand between the groups, before the first and after the last, and in their order. */
  #orderAt(object: number, { groups, gaps, unknown, allCarriedOut }: ObjectTimeline): void {
    const between = this.#chain(groups.length + 1, object);
    for (const [index, group] of groups.entries()) {
      for (const entry of group) {
        const node = this.#nodeOf(entry);
        this.#follow(between[index], node);
        this.#follow(node, between[index + 1]);
      }
    }
    for (const entry of unknown) {
      const node = this.#nodeOf(entry);
      this.#follow(between[gaps?.first ?? groups.length], node);
      if (gaps !== undefined && allCarriedOut) this.#follow(node, between[gaps.last + 1]);
    }
  }

  /** An auxiliary node stands for the end of each operation, and comes before all operations that began later. */
  #orderInTime(): void {
    const { invokedUs, completedUs } = this.#log;
    const ended = this.#operations.filter((operation) => isKnown(this.#log, operation));
    ended.sort((a, b) => at(completedUs, a) - at(completedUs, b));
    const ends = this.#chain(ended.length, REAL_TIME);
    for (const [index, operation] of ended.entries()) this.#follow(this.#nodeOf(operation), ends[index]);
    const endUs = Float64Array.from(ended, (operation) => at(completedUs, operation));
    for (const operation of this.#operations) {
      this.#follow(ends[countBelow(endUs, at(invokedUs, operation)) - 1], this.#nodeOf(operation));
    }
  }

  /** New auxiliary nodes, each before the next. */
  #chain(length: number, reason: number): readonly number[] {
    const chain: number[] = [];
    for (let index = 0; index < length; index++) {
      chain.push(this.#graph.addAuxiliary());
      this.#reasons.push(reason);
      this.#follow(chain[index - 1], chain[index]);
    }
    return chain;
  }

  #nodeOf(entry: number): number {
    return at(this.#nodes, operationAt(this.#log, entry));
  }

  #follow(before: number | undefined, after: number | undefined): void {
    if (before === undefined || after === undefined || before === NO_NODE || after === NO_NODE) return;
    this.#graph.addEdge(before, after);
  }

  #describe(cycle: readonly number[], startUs: Microseconds, words: Words): string {
    const operations = cycle.filter((node) => this.#graph.isOperation(node));
    const orders: string[] = [];
    // Each operation is followed by auxiliary nodes of one kind, since those lead only to each other and to operations.
    for (const [index, node] of cycle.entries()) {
      if (!this.#graph.isOperation(node)) continue;
      const number = orders.length + 1;
      const nextNumber = (number % operations.length) + 1;
      const reason = this.#reasons[(cycle[index + 1] ?? 0) - this.#operations.length] ?? REAL_TIME;
      const object = this.#log.objects[reason];
      orders.push(
        object === undefined
          ? `[${number}] had ended when [${nextNumber}] began`
          : `[${number}] comes before [${nextNumber}] on ${object}`,
      );
    }
    const legend = operations.map((node, index) => `[${index + 1}] ${this.#describeOperation(node, startUs, words)}`);
    return `operations contradict each other: ${orders.join(', ')}; ${legend.join(', ')}`;
  }

  #describeOperation(node: number, startUs: Microseconds, { read, write }: Words): string {
    const log = this.#log;
    const operation = this.#operations[node] ?? 0;
    const entries = entriesOf(log, operation);
    const effects = entries.map((entry) => {
      const value = isKnown(log, operation) ? ` = ${at(log.value, entry)}` : '';
      return `${at(log.read, entry) === 0 ? write : read} ${log.objects[at(log.object, entry)]}${value}`;
    });
    return `${effects.join(' & ')} of client ${at(log.client, operation)} (${spanText(log, operation, startUs)})`;
  }
}

function isKnown(log: OperationLog, operation: number): boolean {
  return !Number.isNaN(at(log.completedUs, operation));
}

/** The operations of known outcome, and those of unknown outcome that some object shows to have been carried out. */
function carriedOut(log: OperationLog, timelines: ReadonlyMap<number, ObjectTimeline>): readonly number[] {
  const operations = new Set<number>();
  for (const { groups, unknown, allCarriedOut } of timelines.values()) {
    for (const entry of groups.flat()) operations.add(operationAt(log, entry));
    if (allCarriedOut) for (const entry of unknown) operations.add(operationAt(log, entry));
  }
  return [...operations];
}

function entriesOf(log: OperationLog, operation: number): readonly number[] {
  const entries = [operation];
  for (let entry = log.operations; entry < log.length; entry++) {
    if (operationAt(log, entry) === operation) entries.push(entry);
  }
  return entries;
}

/** The objects that operations of several objects worked on. */
function linkedObjects(log: OperationLog): ReadonlySet<number> {
  const linked = new Set<number>();
  for (let entry = log.operations; entry < log.length; entry++) {
    linked.add(at(log.object, entry));
    linked.add(at(log.object, operationAt(log, entry)));
  }
  return linked;
}

/** How many of the ascending numbers are less. */
function countBelow(ascending: Float64Array, limit: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at(ascending, middle) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
