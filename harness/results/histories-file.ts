import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DriverHistory } from '../workload/history.ts';
import type { ResultRow } from './columns.ts';

/** Operations in one file: what editors and viewers still open. */
const PAGE_OPERATIONS = 100_000;

/** Writes every operation of a measurement as a JSON line, in pages, under `histories/`. Missing is null. */
export function writeHistories(directory: string, row: ResultRow, histories: readonly DriverHistory[]): void {
  const folder = join(directory, 'histories');
  mkdirSync(folder, { recursive: true });
  const name = [row.protocol, row.variant, `f${row.f}`, `c${row.clients}`, `r${row.repeat}`]
    .filter((part) => part !== '')
    .join('-')
    .replaceAll(/[^\w.+=-]/g, '_');
  let page: string[] = [];
  let pages = 0;
  const flush = () => {
    if (page.length === 0) return;
    pages++;
    writeFileSync(join(folder, `${name}.${String(pages).padStart(3, '0')}.jsonl`), `${page.join('\n')}\n`);
    page = [];
  };
  for (const history of histories) {
    let further = 0;
    for (let index = 0; index < history.length; index++) {
      const firstFurther = further;
      while (history.further.row[further] === index) further++;
      page.push(line(history, index, firstFurther, further));
      if (page.length === PAGE_OPERATIONS) flush();
    }
  }
  flush();
}

/** `others` is there if the operation has other objects: the rows `firstFurther` … `endFurther` − 1 of their columns. */
function line(history: DriverHistory, index: number, firstFurther: number, endFurther: number): string {
  const changed = (read: number | undefined) => (Number.isNaN(history.completedUs[index]) ? null : read === 0);
  const nameOf = (object: number | undefined) => history.objects[object ?? 0] ?? null;
  const { further } = history;
  const others = Array.from({ length: endFurther - firstFurther }, (_, at) => ({
    object: nameOf(further.object[firstFurther + at]),
    changed: changed(further.read[firstFurther + at]),
    value: known(further.value[firstFurther + at]),
  }));
  return JSON.stringify({
    driver: history.driver,
    client: history.client[index],
    object: nameOf(history.object[index]),
    kind: history.query[index] === 1 ? 'query' : 'update',
    changed: changed(history.read[index]),
    invoked_us: known(history.invokedUs[index]),
    completed_us: known(history.completedUs[index]),
    value: known(history.value[index]),
    ...(others.length > 0 && { others }),
  });
}

function known(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}
