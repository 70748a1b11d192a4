import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { csvText } from '../csv.ts';
import { readManifest } from '../manifest-file.ts';
import { pointsOf } from '../points.ts';
import { RESULTS_FILE, readResults } from '../results-file.ts';
import { markdownText, terminalText } from '../text-table.ts';
import { type WrittenFile, writeFiles } from '../written-file.ts';
import { claims } from './claims.ts';
import type { Evidence, SuiteEvidence } from './evidence.ts';
import {
  type Reproduction,
  reproduce,
  reproductionColumns,
  reproductionTable,
  reproductionText,
} from './reproduction.ts';
import { type SensitivityPoint, sensitivityColumns, sensitivityOf, sensitivityTable } from './sensitivity.ts';
import { sensitivityFigureSpec } from './sensitivity-figure-spec.ts';

/** The report on a directory whose subdirectories hold the results of a suite's parts. */
export interface PartsReport {
  readonly reproductions: readonly Reproduction[];
  readonly sensitivity: readonly SensitivityPoint[];
  /** Of all parts. */
  readonly refusedRows: number;
  readonly text: string;
  readonly files: readonly string[];
  readonly warnings: readonly string[];
}

/** The names of its subdirectories that hold results; undefined if it holds results itself, or no such subdirectories. */
export function partsIn(directory: string): readonly string[] | undefined {
  if (!existsSync(directory) || existsSync(join(directory, RESULTS_FILE))) return undefined;
  const inside = readdirSync(directory).filter((name) => existsSync(join(directory, name, RESULTS_FILE)));
  return inside.length === 0 ? undefined : inside.sort();
}

/** Sets what was measured against what was published, and writes that down. The parts' own reports are left as they are. */
export async function writePartsReport(directory: string, parts: readonly string[]): Promise<PartsReport> {
  const { evidence, refusedRows, warnings } = await readParts(directory, parts);
  const reproductions = reproduce(claims, evidence);
  const sensitivity = sensitivityOf(evidence);
  const table = reproductionTable(reproductions);
  const curve = sensitivity.some(({ simulated }) => simulated !== undefined) ? [sensitivityTable(sensitivity)] : [];
  const figure = curve.length === 0 ? undefined : sensitivityFigureSpec(sensitivity);
  const files: WrittenFile[] = [
    { path: 'reproduction.csv', text: csvText(reproductionColumns, reproductions) },
    { path: 'sensitivity.csv', text: csvText(sensitivityColumns, sensitivity) },
  ];
  if (figure !== undefined) {
    const { renderSvg } = await import('../figures/render-svg.ts');
    files.push({ path: FIGURE, text: await renderSvg(figure) });
  }
  const sections = [table, ...curve].map((each) => markdownText(each, 2));
  const image = figure === undefined ? [] : [`![How the losses move with the cost of messages](${FIGURE})\n`];
  const suites = parts.map((name) => `- [${name}](${name}/report.md)`);
  files.push({
    path: 'reproduction.md',
    text: ['# Reproduction', '', ...sections, ...image, '## Parts', '', ...suites, ''].join('\n'),
  });
  await writeFiles(directory, files);
  return {
    reproductions,
    sensitivity,
    refusedRows,
    text: [reproductionText(reproductions), ...curve.map(terminalText)].join('\n\n'),
    files: files.map(({ path }) => path),
    warnings,
  };
}

const FIGURE = 'figures/sensitivity.svg';

async function readParts(
  directory: string,
  parts: readonly string[],
): Promise<{ readonly evidence: Evidence; readonly refusedRows: number; readonly warnings: readonly string[] }> {
  const evidence = new Map<string, SuiteEvidence>();
  const warnings: string[] = [];
  let refusedRows = 0;
  for (const part of parts) {
    const path = join(directory, part);
    const { rows, warnings: found } = await readResults(path);
    warnings.push(...found.map((warning) => `${part}: ${warning}`));
    refusedRows += rows.filter(({ verdict }) => verdict !== 'valid').length;
    const costs = (await readManifest(path))?.suite?.costs;
    for (const suite of new Set(rows.map((row) => row.suite))) {
      evidence.set(suite, { points: pointsOf(rows.filter((row) => row.suite === suite)), costs });
    }
  }
  return { evidence, refusedRows, warnings };
}
