import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../..');

export function pathOf(file: string): string {
  return join(ROOT, file);
}

export function textOf(file: string): string {
  return readFileSync(pathOf(file), 'utf8');
}

/** The rows of the document's only table, each with its cells by the column's head. Throws if a row has more or fewer cells than the head. */
export function tableOf(document: string): readonly Readonly<Record<string, string>>[] {
  const [head, , ...rows] = textOf(document)
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  if (head === undefined) throw new Error(`${document} has no table`);
  return rows.map((cells) => {
    if (cells.length !== head.length) throw new Error(`${document}: ${cells.length} cells in the row of ${cells[0]}`);
    return Object.fromEntries(head.map((name, index) => [name, cells[index] ?? '']));
  });
}

/** What stands between backquotes. */
export function quotedIn(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, quoted = '']) => quoted);
}
