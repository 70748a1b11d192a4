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
    for (let index = 0; index < history.length; index++) {
      page.push(line(history, index));
      if (page.length === PAGE_OPERATIONS) flush();
    }
  }
  flush();
}

function line(history: DriverHistory, index: number): string {
  return JSON.stringify({
    driver: history.driver,
    client: history.client[index],
    object: history.objects[history.object[index] ?? 0] ?? null,
    kind: history.query[index] === 1 ? 'query' : 'update',
    changed: Number.isNaN(history.completedUs[index]) ? null : history.read[index] === 0,
    invoked_us: known(history.invokedUs[index]),
    completed_us: known(history.completedUs[index]),
    value: known(history.value[index]),
  });
}

function known(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}
