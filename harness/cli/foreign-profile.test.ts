import { cpus } from 'node:os';
import { expect, test } from 'vitest';
import { loadCostProfile } from '../costs/shipped-profiles.ts';
import { foreignProfileWarning } from './foreign-profile.ts';

const profile = loadCostProfile('reference');
const here = { cpu: cpus()[0]?.model.trim() ?? 'unknown', cores: cpus().length };

test('a profile of this machine is no cause for a warning, that of another is', () => {
  expect(foreignProfileWarning({ ...profile, machine: here })).toBeUndefined();
  const other = { cpu: 'Example CPU', cores: 96 };
  expect(foreignProfileWarning({ ...profile, machine: other })).toContain('are those of Example CPU, 96 cores, not of');
  expect(foreignProfileWarning({ ...profile, machine: { ...here, cores: here.cores + 1 } })).toBeDefined();
});
