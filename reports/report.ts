import { type Comparison, comparisonsOf } from './comparisons.ts';
import { csvText } from './csv.ts';
import { dictionaryCsv, dictionaryMarkdown } from './data-dictionary.ts';
import { type Difference, differenceColumns, differencesOf } from './differences.ts';
import { faultFigures, figurePoints } from './figures/fault-figure.ts';
import { figureColumns } from './figures/fault-figure-csv.ts';
import { faultFigureSpec } from './figures/fault-figure-spec.ts';
import { readManifest } from './manifest-file.ts';
import { reportMarkdown } from './markdown.ts';
import { type Point, pointsOf } from './points.ts';
import { readResults } from './results-file.ts';
import { summaryColumns } from './summary.ts';
import { resultsText } from './table.ts';
import { type Validation, validatingPoints, validationOf } from './validation.ts';
import { validationFiles } from './validation-report.ts';
import { type WrittenFile, writeFiles } from './written-file.ts';

export interface Report {
  readonly directory: string;
  /** Rows by verdict. A command whose report has rows that are not valid exits non-zero. */
  readonly rows: { readonly valid: number; readonly invalid: number; readonly unknown: number };
  readonly points: readonly Point[];
  readonly comparisons: readonly Comparison[];
  readonly differences: readonly Difference[];
  /** How well the simulator predicts what was measured; undefined if nothing was both measured and simulated. */
  readonly validation: Validation | undefined;
  /** The RESULTS block's tables for a terminal or a pipe, without heading and last line end. */
  readonly text: string;
  /** What was written, relative to the directory. */
  readonly files: readonly string[];
  /** For standard error, one line each. */
  readonly warnings: readonly string[];
}

/**
 * Reads results.csv and manifest.json of a run's directory and writes everything that is derived from them: the same input gives the
 * same bytes. Throws ReportInputError, one line, if they are missing or not what a run writes.
 */
export async function writeReport(directory: string): Promise<Report> {
  const { rows, warnings: fileWarnings } = await readResults(directory);
  const manifest = await readManifest(directory);
  const cores = manifest?.host?.cores;
  const points = pointsOf(rows);
  const validation = validationOf(points);
  // What was simulated only to be compared with what was measured says nothing beside it.
  const validating = validatingPoints(points);
  const comparisons = comparisonsOf(points.filter((point) => !validating.has(point)));
  const differences = comparisons.flatMap(differencesOf);
  const counts = {
    valid: rows.filter(({ verdict }) => verdict === 'valid').length,
    invalid: rows.filter(({ verdict }) => verdict === 'invalid').length,
    unknown: rows.filter(({ verdict }) => verdict === 'unknown').length,
  };
  const warnings = [...fileWarnings, ...(manifest === undefined ? ['no manifest.json: the host is not known'] : [])];
  const drawn = await Promise.all(comparisons.map((comparison) => figuresOf(comparison, cores)));
  const figures = new Map(comparisons.map((comparison, index) => [comparison, drawn[index]?.links ?? []]));
  const written: readonly WrittenFile[] = [
    { path: 'summary.csv', text: csvText(summaryColumns, points) },
    { path: 'differences.csv', text: csvText(differenceColumns, differences) },
    ...drawn.flatMap(({ files }) => files),
    ...(validation === undefined ? [] : await validationFiles(validation)),
    { path: 'data-dictionary.csv', text: dictionaryCsv() },
    { path: 'data-dictionary.md', text: dictionaryMarkdown() },
    {
      path: 'report.md',
      text: reportMarkdown({ comparisons, manifest, rows: counts, warnings, figures, validation }),
    },
  ];
  await writeFiles(directory, written);
  return {
    directory,
    rows: counts,
    points,
    comparisons,
    differences,
    validation,
    text: resultsText(comparisons, cores, validation),
    files: written.map(({ path }) => path),
    warnings,
  };
}

interface Drawn {
  readonly files: readonly WrittenFile[];
  readonly links: readonly { readonly path: string; readonly description: string }[];
}

async function figuresOf(comparison: Comparison, cores: number | undefined): Promise<Drawn> {
  const files: WrittenFile[] = [];
  const links: { path: string; description: string }[] = [];
  for (const figure of faultFigures) {
    const spec = faultFigureSpec(figure, comparison, cores);
    if (spec === undefined) continue;
    // Loaded when there is something to draw: the plotting libraries take long to start, and most commands draw nothing.
    const { renderSvg } = await import('./figures/render-svg.ts');
    const path = `figures/${figure.name}${comparison.suffix}`;
    files.push({ path: `${path}.svg`, text: await renderSvg(spec) });
    files.push({
      path: `${path}.csv`,
      text: csvText(figureColumns(figure.metric), figurePoints(comparison, figure.metric)),
    });
    links.push({ path: `${path}.svg`, description: figure.description });
  }
  return { files, links };
}
