import { readFileSync } from 'node:fs';
import { pathText, problemsOf, UsageError } from '../suites/problem.ts';
import { keysOfSchema } from '../suites/schema-keys.ts';
import { pathOfNamed, type ShippedFiles, shippedNames } from '../suites/shipped-files.ts';
import { type CostProfile, costProfile, PROFILE_FORMAT } from './cost-profile.ts';
import { isScaled, scaled, scaledProfile } from './scaled-profile.ts';

const files: ShippedFiles = {
  kind: 'cost profile',
  folder: new URL('./profiles/', import.meta.url),
  ending: '.json',
  paths: /\.json$/,
  fileKind: "a file that 'qu-bench calibrate' wrote",
};

export function shippedProfiles(): readonly string[] {
  return shippedNames(files);
}

/** A shipped profile by its name, or one in a file. Throws UsageError that says what is wrong with it. */
export function loadCostProfile(name: string): CostProfile {
  const path = pathOfNamed(name, files);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`can't read cost profile ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return parseCostProfile(content, path);
}

/** `file` is for messages only. */
export function parseCostProfile(content: unknown, file: string): CostProfile {
  if (typeof content === 'object' && content !== null && 'format' in content && content.format !== PROFILE_FORMAT) {
    throw new UsageError(
      `${file}: a cost profile of format ${String(content.format)}; this version reads format ${PROFILE_FORMAT}: measure it again with 'qu-bench calibrate'`,
    );
  }
  const schema = isScaled(content) ? scaledProfile : costProfile;
  const parsed = schema.safeParse(content);
  if (parsed.success) return 'of' in parsed.data ? scaled(parsed.data, loadCostProfile(parsed.data.of)) : parsed.data;
  const problem = problemsOf(parsed.error.issues, (path) => keysOfSchema(schema, path, content))[0];
  const place = pathText(problem?.path ?? []);
  throw new UsageError(`${file}: ${place === '' ? '' : `${place}: `}${problem?.message ?? 'is not a cost profile'}`);
}
