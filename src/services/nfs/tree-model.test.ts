import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Operation } from '../../kernel/operation.ts';
import type { Handle } from './handle.ts';
import { create, getattr, link, lookup, remove, rename } from './requests.ts';
import type { NfsResult } from './result.ts';
import { NfsStatus } from './status.ts';
import { ROOT, ServedTree } from './testing/served-tree.ts';
import { TreeModel } from './testing/tree-model.ts';

const OBJECTS = ['r/1', 'r/2', 'r/3', 'r/4', 'r/5'];
const NAMES = ['a', 'b', 'c'];

/** An operation, and what the model does about it: whether it carried it out. */
interface Step {
  readonly operation: Operation;
  readonly inModel: () => boolean;
}

type Plan = (model: TreeModel) => Step;

/** Few names and objects, so that operations meet each other, and generations that may be stale. */
const object = fc.constantFrom(...OBJECTS);
const name = fc.constantFrom(...NAMES);
const wildHandle = fc.record({ object, generation: fc.integer({ min: 1, max: 2 }) });
/** A number to choose by from what there is when the time comes; undefined for something that may not be there. */
const aim = fc.option(fc.nat(), { nil: undefined, freq: 4 });

const directory = fc.record({ aimed: aim, wild: fc.oneof(fc.constant(ROOT), wildHandle) }).map(
  ({ aimed, wild }) =>
    (model: TreeModel): Handle =>
      chosen(
        model.nodes().filter(({ entries }) => entries !== undefined),
        aimed,
      )?.handle ?? wild,
);

/** A directory, a name in it, and the object that an operation takes it to mean. */
const place = fc
  .record({ aimed: aim, wildDirectory: directory, wildName: name, wildObject: object })
  .map(({ aimed, wildDirectory, wildName, wildObject }) => (model: TreeModel) => {
    const places = model
      .nodes()
      .flatMap(({ handle, entries }) =>
        [...(entries ?? [])].map(([entry, child]) => ({ directory: handle, name: entry, object: child.handle.object })),
      );
    return chosen(places, aimed) ?? { directory: wildDirectory(model), name: wildName, object: wildObject };
  });

function chosen<Item>(items: readonly Item[], aimed: number | undefined): Item | undefined {
  return aimed === undefined ? undefined : items[aimed % items.length];
}

const creation = fc
  .record({ directory, name, object, method: fc.constantFrom('create' as const, 'mkdir' as const) })
  .map(
    ({ directory: choose, name: entry, object: made, method }): Plan =>
      (model) => {
        const parent = choose(model);
        return {
          operation: create(method, parent, entry, made, { mode: 0, uid: 0, gid: 0 }, 0),
          inModel: () => model.create(parent, entry, made, method),
        };
      },
  );

const removal = fc.record({ place, method: fc.constantFrom('remove' as const, 'rmdir' as const) }).map(
  ({ place: choose, method }): Plan =>
    (model) => {
      const { directory: parent, name: entry, object: target } = choose(model);
      return {
        operation: remove(method, parent, entry, target, 0),
        inModel: () => model.remove(parent, entry, target, method),
      };
    },
);

const linking = fc.record({ directory, name, file: wildHandle }).map(
  ({ directory: choose, name: entry, file }): Plan =>
    (model) => {
      const parent = choose(model);
      return { operation: link(parent, entry, file, 0), inModel: () => model.link(parent, entry, file) };
    },
);

const renaming = fc
  .record({
    from: place,
    within: fc.boolean(),
    to: directory,
    toName: name,
    aware: fc.boolean(),
    wild: fc.option(object),
  })
  .map(
    ({ from: choose, within, to, toName, aware, wild }): Plan =>
      (model) => {
        const { directory: parent, name: entry, object: moved } = choose(model);
        const other = to(model);
        // Of one directory, an operation names one generation.
        const target = within || other.object === parent.object ? parent : other;
        const former = model.find(target)?.entries?.get(toName)?.handle.object;
        const believed = aware ? (former === moved ? undefined : former) : (wild ?? undefined);
        const places = [
          { directory: parent, name: entry },
          { directory: target, name: toName },
        ] as const;
        return {
          operation: rename(...places, moved, believed, 0),
          inModel: () => model.rename(parent, entry, target, toName, moved, believed),
        };
      },
  );

const plans = fc.array(fc.oneof(creation, creation, removal, linking, renaming, renaming), {
  minLength: 30,
  maxLength: 60,
});

/** All objects of an operation differ. */
function canBeAsked({ object: first, others = [] }: Operation): boolean {
  return new Set([first, ...others]).size === 1 + others.length;
}

function expectSameTree(tree: ServedTree, model: TreeModel): void {
  for (const node of model.nodes()) {
    const type = node.entries === undefined ? 'file' : 'directory';
    expect(tree.attributes(node.handle)).toMatchObject({ type, nlink: model.linksOf(node) });
    const entries = [...(node.entries ?? [])].map(([entry, child]) => ({ name: entry, ...child.handle }));
    expect(tree.entries(node.handle)).toEqual(entries.sort((one, other) => (one.name < other.name ? -1 : 1)));
    for (const { name: entry, ...child } of entries) {
      expect(tree.run(lookup(node.handle, entry)).body).toEqual({ type: 'handle', handle: child });
    }
  }
  const used = new Set(model.nodes().map(({ handle }) => handle.object));
  for (const unused of OBJECTS.filter((each) => !used.has(each))) {
    expect(tree.run(getattr({ object: unused, generation: 1 })).status).not.toBe(NfsStatus.NFS3_OK);
  }
}

/** Every object's version is the number of operations that wrote it. */
class VersionCount {
  readonly #versions = new Map<string, number>();

  expectCounted({ object: first, others = [] }: Operation, { wrote, versions }: NfsResult): void {
    const objects = [first, ...others];
    if (wrote) for (const each of objects) this.#versions.set(each, (this.#versions.get(each) ?? 0) + 1);
    expect(versions).toEqual(objects.map((each) => this.#versions.get(each) ?? 0));
  }
}

test('carries out what a tree in memory does, with the same outcome; versions count the writes of each object', () => {
  const outcomes = new Map<string, number>();
  fc.assert(
    fc.property(plans, (sequence) => {
      const [tree, model, count] = [new ServedTree(), new TreeModel(), new VersionCount()];
      for (const plan of sequence) {
        const { operation, inModel } = plan(model);
        if (!canBeAsked(operation)) continue;
        const result = tree.run(operation);
        const carriedOut = result.status === NfsStatus.NFS3_OK;
        expect(carriedOut).toBe(inModel());
        count.expectCounted(operation, result);
        const outcome = `${operation.method} ${carriedOut}`;
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }
      expectSameTree(tree, model);
    }),
    { numRuns: 100 },
  );
  // The sequences had every method succeed and fail often enough for the comparison to mean something.
  for (const method of ['create', 'mkdir', 'remove', 'rmdir', 'link', 'rename']) {
    for (const carriedOut of [true, false]) expect(outcomes.get(`${method} ${carriedOut}`) ?? 0).toBeGreaterThan(25);
  }
});
