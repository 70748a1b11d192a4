import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { suggestion } from './nearest.ts';
import { UsageError } from './problem.ts';

/** Files of one kind that come with the tool, named by what stands before their ending. */
export interface ShippedFiles {
  /** For messages: `suite`, `topology`, `cost profile`. */
  readonly kind: string;
  readonly folder: URL;
  /** The shipped files'. */
  readonly ending: string;
  /** Of files that a person names by their path. */
  readonly paths: RegExp;
  /** What such a path leads to, for messages: `a YAML file`. */
  readonly fileKind: string;
}

export function shippedNames({ folder, ending }: ShippedFiles): readonly string[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(ending));
  return files.map((file) => file.slice(0, -ending.length)).sort();
}

/** The file that was meant: a shipped one by its name, or one by its path. Throws UsageError. */
export function pathOfNamed(name: string, files: ShippedFiles): string {
  const { kind, folder, ending, paths, fileKind } = files;
  const names = shippedNames(files);
  if (names.includes(name)) return fileURLToPath(new URL(`${name}${ending}`, folder));
  const isPath = /[/\\]/.test(name) || paths.test(name);
  if (isPath && existsSync(name)) return name;
  throw new UsageError(
    isPath
      ? `there is no ${kind} file ${name}`
      : `unknown ${kind} '${name}'${suggestion(name, names)}; there are ${names.join(', ')}, or give the path of ${fileKind}`,
  );
}
