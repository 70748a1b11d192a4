import type { core } from 'zod';
import { suggestion } from './nearest.ts';

/** Wrong input by a person: one line that says where and what to do, no stack trace. */
export class UsageError extends Error {}

/** Something wrong at one key, before it is known where the key was written. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** The key itself is wrong, not its value. */
  readonly atKey?: boolean;
}

/** zod's issues in the words of this project. `knownKeys` are those that may stand where an unknown key was found. */
export function problemsOf(
  issues: readonly core.$ZodIssue[],
  knownKeys: (path: readonly PropertyKey[]) => readonly string[],
): readonly Problem[] {
  const problems = issues.flatMap((issue): Problem[] => {
    if (issue.code !== 'unrecognized_keys') {
      return [{ path: issue.path, message: inPlainWords(issue.message) }];
    }
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      message: `unknown key '${key}'${suggestion(key, knownKeys(issue.path))}`,
      atKey: true,
    }));
  });
  // A key that is misspelt is missing, too; the first says more.
  return problems.toSorted((a, b) => Number(b.atKey === true) - Number(a.atKey === true));
}

function inPlainWords(message: string): string {
  return message
    .replace(/^Invalid input: /, '')
    .replace(/^expected (\w+), received undefined$/, 'is missing; expected $1');
}

/** `protocols[0].options` */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}
