import { csvText, record } from './csv.ts';
import {
  validationFigureColumns,
  validationFigurePoints,
  validationFigureSpec,
  validationFigures,
} from './figures/validation-figure.ts';
import { markdownText } from './text-table.ts';
import { summaryOfErrors, TARGET, type Validation, validatedMetrics } from './validation.ts';
import { validationColumns } from './validation-columns.ts';
import { validationTables, verdictText } from './validation-tables.ts';
import type { WrittenFile } from './written-file.ts';

/** validation.csv, validation.md and the figures with their data. */
export async function validationFiles(validation: Validation): Promise<readonly WrittenFile[]> {
  const figures: WrittenFile[] = [];
  const links: string[] = [];
  for (const figure of validationFigures) {
    const spec = validationFigureSpec(figure, validation);
    if (spec === undefined) continue;
    // Loaded when there is something to draw: the plotting libraries take long to start.
    const { renderSvg } = await import('./figures/render-svg.ts');
    const path = `figures/${figure.name}`;
    const points = validationFigurePoints(validation, figure);
    figures.push({ path: `${path}.svg`, text: await renderSvg(spec) });
    figures.push({ path: `${path}.csv`, text: csvText(validationFigureColumns(figure), points) });
    links.push(`![${figure.description}](${path}.svg)\n`);
  }
  const tables = validationTables(validation).map((table) => markdownText(table, 2));
  const markdown = ['# Predicted against measured', '', `${verdictText(validation)}\n`, ...links, ...tables].join('\n');
  return [
    { path: 'validation.csv', text: csvText(validationColumns, validation.points) },
    { path: 'validation.md', text: markdown },
    ...figures,
  ];
}

/** The validation as data: errors in shares of the measured value. */
export function validationJson(validation: Validation) {
  const errors = validatedMetrics.flatMap((metric) => {
    const summary = summaryOfErrors(validation, metric);
    if (summary === undefined) return [];
    const { points, medianError, bias, worst, wide } = summary;
    const { protocol, variant, f, clients } = worst.point.parameters;
    const worstPoint = { protocol, variant, f, clients, error: worst.prediction.error };
    return [[metric, { points, medianError, bias, worst: worstPoint, wideSpread: wide }] as const];
  });
  return {
    target: TARGET,
    met: validation.met ?? null,
    errors: Object.fromEntries(errors),
    points: validation.points.map((point) => record(validationColumns, point)),
    incomparable: validation.incomparable,
  };
}
