import { dirname, join, relative } from 'node:path';
import { pathOf, textOf } from './markdown-table.ts';

/** A test as a table names it: its file, and its title or that of its case, as it stands in the source. */
export interface NamedTest {
  readonly file: string;
  readonly title: string;
}

/** Reads `file`: title, several with a `<br>` between them. Throws if it is anything else. */
export function testsIn(cell: string): readonly NamedTest[] {
  if (cell === '') return [];
  return cell.split('<br>').map((entry) => {
    const [, file, title] = /^`([^`]+\.test\.ts)`: (.+)$/.exec(entry) ?? [];
    if (file === undefined || title === undefined) throw new Error(`not a test with its title: ${entry}`);
    return { file, title };
  });
}

const TEXT_LITERAL = /'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g;
const SHARED_BY_TESTS = /from '(\.{1,2}\/(?:[^']*\/)?testing\/[^']+|\.\/[^']+)'/g;

/** Texts in the test's file and in what it imports of what tests share: there stand the titles, and the names of cases that titles are made of. */
function textsFor(file: string): ReadonlySet<string> {
  const source = textOf(file);
  const imported = [...source.matchAll(SHARED_BY_TESTS)]
    .map(([, path = '']) => relative(pathOf('.'), join(dirname(pathOf(file)), path)))
    .filter((path) => path.includes('/testing/'));
  return new Set([source, ...imported.map(textOf)].flatMap(textsIn));
}

/** The text literals of a source; placeholders in templates stay as they are. */
export function textsIn(source: string): readonly string[] {
  return [...source.matchAll(TEXT_LITERAL)].map(([, single, double, template]) =>
    (single ?? double ?? template ?? '').replace(/\\(.)/g, '$1'),
  );
}

/** Whether the title stands there as a whole, with the placeholders that the source has. */
export function isThere({ file, title }: NamedTest): boolean {
  return textsFor(file).has(title);
}
