/** A file of the report. */
export interface WrittenFile {
  /** Relative to the results directory. */
  readonly path: string;
  readonly text: string;
}
