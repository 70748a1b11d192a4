import { readFileSync } from 'node:fs';
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type Problem, pathText, problemsOf, UsageError } from './problem.ts';
import { settingNames, suiteFile, workloadKeys } from './settings.ts';

/** A suite file that fits the schema, and where in it each key stands. */
export interface LoadedSuite {
  readonly content: z.output<typeof suiteFile>;
  /** `file:line: key`, for a problem found later. */
  locate(problem: Problem): string;
}

/** Reads and checks a suite. Throws UsageError naming file, line and key. */
export function loadSuite(file: string): LoadedSuite {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`can't read suite ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return parseSuite(text, file);
}

/** `file` is for messages only. */
export function parseSuite(text: string, file: string): LoadedSuite {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const syntax = document.errors[0];
  if (syntax !== undefined) throw new UsageError(`${file}:${lines.linePos(syntax.pos[0]).line}: ${syntax.message}`);
  const locate = (problem: Problem): string => {
    const offset = offsetOf(document, problem);
    const at = offset === undefined ? file : `${file}:${lines.linePos(offset).line}`;
    return problem.path.length === 0 ? at : `${at}: ${pathText(problem.path)}`;
  };
  const parsed = suiteFile.safeParse(document.toJS());
  if (parsed.success) return { content: parsed.data, locate };
  const problem = problemsOf(parsed.error.issues, keysAt)[0];
  throw new UsageError(problem === undefined ? `${file}: not a suite` : `${locate(problem)}: ${problem.message}`);
}

function keysAt(path: readonly PropertyKey[]): readonly string[] {
  if (path.length === 0) return Object.keys(suiteFile.shape);
  if (path.length === 1 && path[0] === 'short') return [...settingNames, 'workloads'];
  if (path.includes('workloads')) return workloadKeys;
  return path.includes('protocols') ? ['protocol', 'variant', 'options'] : [];
}

/** Where the key or its value stands; the nearest enclosing one that does stand in the file. */
function offsetOf(document: Document.Parsed, problem: Problem): number | undefined {
  for (let length = problem.path.length; length > 0; length--) {
    const path = problem.path.slice(0, length);
    const parent: unknown = length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === path.at(-1));
      if (isNode(pair?.key) && pair.key.range) return pair.key.range[0];
    }
    const node: unknown = document.getIn(path, true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return undefined;
}
