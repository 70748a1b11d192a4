/** A column's values in a larger one of the same kind. */
export function grown<Column extends { set(values: ArrayLike<number>): void } & ArrayLike<number>>(
  column: Column,
  larger: Column,
): Column {
  larger.set(column);
  return larger;
}
