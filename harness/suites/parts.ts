import { dirname, resolve } from 'node:path';
import { UsageError } from './problem.ts';
import type { Part } from './settings.ts';
import { shippedSuites, suitePath } from './shipped.ts';
import { type LoadedSuite, loadSuite } from './suite-file.ts';

/** The suites that a suite is made of; undefined if it is measured itself. `file` is where it stands. Throws UsageError. */
export function partsOf(whole: LoadedSuite, file: string): readonly LoadedSuite[] | undefined {
  const { name, title: _title, summary: _summary, parts, ...own } = whole.content;
  if (parts === undefined) return undefined;
  const [setting] = Object.keys(own);
  if (setting !== undefined) {
    throw new UsageError(
      `${whole.locate({ path: [setting], message: '' })}: ${name} is made of parts: settings belong into them`,
    );
  }
  const loaded = parts.map((part, index) => loadPart(part, index, whole, file));
  const names = loaded.map(({ content }) => content.name);
  const twice = names.findIndex((one, index) => names.indexOf(one) !== index);
  if (twice !== -1) {
    throw new UsageError(
      `${whole.locate({ path: ['parts', twice], message: '' })}: a second part named ${names[twice]}`,
    );
  }
  return loaded;
}

function loadPart(part: Part, index: number, whole: LoadedSuite, file: string): LoadedSuite {
  if (typeof part === 'string') return loadSuite(pathOf(part, file));
  const { content, locate } = loadSuite(pathOf(part.suite, file));
  const set = Object.keys(part.settings);
  return {
    content: {
      ...content,
      ...part.settings,
      name: part.name,
      // What is set for this part holds in every form.
      ...(content.short === undefined ? {} : { short: without(content.short, set) }),
      ...(content.simulated === undefined ? {} : { simulated: without(content.simulated, set) }),
    },
    locate: (problem) =>
      set.includes(String(problem.path[0]))
        ? whole.locate({ ...problem, path: ['parts', index, 'settings', ...problem.path] })
        : locate(problem),
  };
}

function pathOf(name: string, file: string): string {
  return shippedSuites().includes(name) ? suitePath(name) : suitePath(resolve(dirname(file), name));
}

function without<Form extends object>(form: Form, names: readonly string[]): Partial<Form> {
  const kept = { ...form };
  for (const name of names) Reflect.deleteProperty(kept, name);
  return kept;
}
