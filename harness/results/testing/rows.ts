import { columns, type ResultRow } from '../columns.ts';

/** A row with empty cells, but for what is given. */
export function rowWith(given: Partial<ResultRow>): ResultRow {
  const empty = Object.fromEntries(columns.map(({ name, type }) => [name, type === 'text' ? '' : undefined]));
  const row = { ...empty, ...given };
  if (!isRow(row)) throw new TypeError('a row of wrong cells');
  return row;
}

function isRow(row: object): row is ResultRow {
  return columns.every(({ name, type }) => {
    const value: unknown = Object.entries(row).find(([key]) => key === name)?.[1];
    return type === 'text' ? typeof value === 'string' : value === undefined || typeof value === 'number';
  });
}
