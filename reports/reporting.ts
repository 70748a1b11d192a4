import type { Reporting, WrittenReport } from '../harness/cli/environment.ts';
import { record } from './csv.ts';
import { differenceColumns } from './differences.ts';
import { type Report, writeReport } from './report.ts';
import { type PartsReport, partsIn, writePartsReport } from './reproduction/parts-report.ts';
import { reproductionColumns } from './reproduction/reproduction.ts';
import { sensitivityColumns } from './reproduction/sensitivity.ts';
import { summaryColumns } from './summary.ts';
import { validationJson } from './validation-report.ts';
import { validationText } from './validation-tables.ts';

/** What the command line calls at the end of a run and for `qu-bench report`. */
export const reporting: Reporting = {
  async write(directory) {
    const parts = partsIn(directory);
    if (parts !== undefined) return writtenOfParts(await writePartsReport(directory, parts));
    const report = await writeReport(directory);
    const warnings = report.warnings.map((warning) => `warning: ${warning}`);
    const refusedRows = report.rows.invalid + report.rows.unknown;
    const { validation } = report;
    return {
      text: [report.text, ...warnings].join('\n'),
      json: reportJson(report),
      refusedRows,
      ...(validation && { validation: { text: validationText(validation), json: validationJson(validation) } }),
    };
  },
};

function writtenOfParts(report: PartsReport): WrittenReport {
  const warnings = report.warnings.map((warning) => `warning: ${warning}`);
  return {
    text: [report.text, ...warnings].join('\n'),
    json: {
      reproduction: report.reproductions.map((each) => record(reproductionColumns, each)),
      sensitivity: report.sensitivity.map((point) => record(sensitivityColumns, point)),
      files: report.files,
      warnings: report.warnings,
    },
    refusedRows: report.refusedRows,
  };
}

/** The report as data: rows of summary.csv and differences.csv as objects, without the cells that are not known. */
export function reportJson({ rows, points, differences, validation, files, warnings }: Report) {
  return {
    rows,
    summary: points.map((point) => record(summaryColumns, point)),
    differences: differences.map((difference) => record(differenceColumns, difference)),
    ...(validation && { validation: validationJson(validation) }),
    files,
    warnings,
  };
}
