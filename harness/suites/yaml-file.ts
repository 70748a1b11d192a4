import { readFileSync } from 'node:fs';
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { ZodType } from 'zod';
import { type Problem, pathText, problemsOf, UsageError } from './problem.ts';

/** What stands in a YAML file, checked by its schema, and where in it each key stands. */
export interface LoadedYaml<Content> {
  readonly content: Content;
  /** `file:line: key`, for a problem found later. */
  locate(problem: Problem): string;
}

export interface YamlSchema<Content> {
  /** For messages: `suite`, `topology`. */
  readonly kind: string;
  readonly schema: ZodType<Content>;
  /** The keys that may stand at a path where an unknown one was found. */
  readonly keysAt: (path: readonly PropertyKey[], content: unknown) => readonly string[];
}

/** Reads and checks a file. Throws UsageError naming file, line and key. */
export function loadYaml<Content>(file: string, schema: YamlSchema<Content>): LoadedYaml<Content> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(
      `can't read ${schema.kind} ${file}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return parseYaml(text, file, schema);
}

/** `file` is for messages only. */
export function parseYaml<Content>(text: string, file: string, schema: YamlSchema<Content>): LoadedYaml<Content> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const syntax = document.errors[0];
  if (syntax !== undefined) throw new UsageError(`${file}:${lines.linePos(syntax.pos[0]).line}: ${syntax.message}`);
  const locate = (problem: Problem): string => {
    const offset = offsetOf(document, problem);
    const at = offset === undefined ? file : `${file}:${lines.linePos(offset).line}`;
    return problem.path.length === 0 ? at : `${at}: ${pathText(problem.path)}`;
  };
  const written: unknown = document.toJS();
  const parsed = schema.schema.safeParse(written);
  if (parsed.success) return { content: parsed.data, locate };
  const problem = problemsOf(parsed.error.issues, (path) => schema.keysAt(path, written))[0];
  throw new UsageError(
    problem === undefined ? `${file}: not a ${schema.kind}` : `${locate(problem)}: ${problem.message}`,
  );
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
