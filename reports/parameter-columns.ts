import { columns } from '../harness/results/columns.ts';
import type { TableColumn } from './csv.ts';
import { type Parameters, parameters } from './points.ts';

/** The columns of a CSV that say which point a row is of; as in results.csv. */
export function parameterColumns<Row>(parametersOf: (row: Row) => Parameters): readonly TableColumn<Row>[] {
  return parameters.map((name) => ({ name, ...described(name), cell: (row) => parametersOf(row)[name] }));
}

/** What results.csv says of a column. */
export function described(name: string): Pick<TableColumn<never>, 'type' | 'description'> {
  const column = columns.find((candidate) => candidate.name === name);
  if (column === undefined) throw new Error(`results.csv has no column '${name}'`);
  return { type: column.type, description: column.description };
}
