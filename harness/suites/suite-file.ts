import type { z } from 'zod';
import { settingNames, suiteFile, workloadKeys } from './settings.ts';
import { type LoadedYaml, loadYaml, parseYaml, type YamlSchema } from './yaml-file.ts';

/** A suite file that fits the schema, and where in it each key stands. */
export type LoadedSuite = LoadedYaml<z.output<typeof suiteFile>>;

const suiteYaml: YamlSchema<z.output<typeof suiteFile>> = { kind: 'suite', schema: suiteFile, keysAt };

/** Reads and checks a suite. Throws UsageError naming file, line and key. */
export function loadSuite(file: string): LoadedSuite {
  return loadYaml(file, suiteYaml);
}

/** `file` is for messages only. */
export function parseSuite(text: string, file: string): LoadedSuite {
  return parseYaml(text, file, suiteYaml);
}

/** The parts of a suite that hold settings that differ in some form of it. */
const FORMS: readonly PropertyKey[] = ['short', 'simulated'];

function keysAt(path: readonly PropertyKey[]): readonly string[] {
  if (path.length === 0) return Object.keys(suiteFile.shape);
  if (path.length === 1 && FORMS.includes(path[0] ?? '')) return [...settingNames, 'workloads'];
  if (path.includes('workloads')) return workloadKeys;
  return path.includes('protocols') ? ['protocol', 'variant', 'options'] : [];
}
