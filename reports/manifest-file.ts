import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ReportInputError } from './input-error.ts';

export const MANIFEST_FILE = 'manifest.json';

/** What the report prints of a manifest; whatever else stands in it is left alone. */
const schema = z.looseObject({
  run: z.string().optional(),
  command: z.string().optional(),
  suite: z.looseObject({ seed: z.int().optional(), costs: z.string().optional() }).optional(),
  versions: z.record(z.string(), z.string()).optional(),
  commit: z.looseObject({ revision: z.string(), modified: z.boolean() }).nullish(),
  host: z
    .looseObject({
      cpu: z.string().optional(),
      cores: z.int().min(1).optional(),
      memoryMib: z.number().optional(),
      platform: z.string().optional(),
    })
    .optional(),
});

export type Manifest = z.infer<typeof schema>;

/** Undefined if there is none: a report can do without. Throws ReportInputError if it is not what a run writes. */
export async function readManifest(directory: string): Promise<Manifest | undefined> {
  const path = join(directory, MANIFEST_FILE);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ReportInputError(`${MANIFEST_FILE}: not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  throw new ReportInputError(`${MANIFEST_FILE}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a manifest'}`);
}
