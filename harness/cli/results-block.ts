import { circumstances } from './circumstances.ts';
import { rowName } from './row-name.ts';
import type { Ran } from './session.ts';
import { textBlock } from './text-block.ts';

/** Lines of rows that are not valid; the rest is in results.csv. */
const MOST_LISTED = 10;

/** What came out, and what it is worth. `tables` are the report's. */
export function resultsBlock({ runs, rows, planned, directory }: Ran, tables: string): string {
  const refused = rows.filter((row) => row.verdict !== 'valid');
  const done = rows.length === planned ? `${rows.length} rows` : `${rows.length} of ${planned} rows`;
  const verdicts = refused.length === 0 ? 'all valid' : `${refused.length} not valid`;
  const entries: (readonly [string, string])[] = [
    ...circumstances(runs),
    ['rows', `${done}, ${verdicts}`],
    ...refused.slice(0, MOST_LISTED).map((row) => [row.verdict, `${rowName(row)}: ${row.verdict_reason}`] as const),
    ['results', directory],
  ];
  return `RESULTS\n${tables.trimEnd()}\n\n${textBlock('CIRCUMSTANCES', entries)}`;
}
