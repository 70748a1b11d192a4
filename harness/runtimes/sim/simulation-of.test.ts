import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadCostProfile } from '../../costs/shipped-profiles.ts';
import { pointsOf } from '../../suites/points.ts';
import { UsageError } from '../../suites/problem.ts';
import { resolveSuite } from '../../suites/resolve.ts';
import type { Overrides } from '../../suites/settings.ts';
import { parseSuite } from '../../suites/suite-file.ts';
import { catalogWith } from '../../suites/testing/catalog.ts';
import { simulatedBy, simulationOf } from './simulation-of.ts';

const directory = mkdtempSync(join(tmpdir(), 'qu-bench-simulation-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function simulationWith(overrides: Overrides) {
  const catalog = catalogWith();
  const loaded = parseSuite('name: mine\ntitle: Mine\nsummary: A suite.\nruntime: sim\n', 'mine.yaml');
  const suite = resolveSuite(loaded, false, { overrides, flag: (setting) => `--${setting}` }, catalog);
  return simulationOf(suite, pointsOf(suite, catalog), simulatedBy(suite), catalog);
}

/** The reference profile without something, in a file. */
function profileWith(changes: object): string {
  const path = join(directory, 'poor.json');
  writeFileSync(path, JSON.stringify({ ...loadCostProfile('reference'), name: 'poor', ...changes }));
  return path;
}

test('reads the topology and the profile that the settings name', () => {
  const { topology, costs, crypto } = simulationWith({ topology: 'lan-10g', simCrypto: 'real' });
  expect([topology.name, costs.name, crypto]).toEqual(['lan-10g', 'reference', 'real']);
});

test('a profile without costs of what is to be measured ends the run before it begins', () => {
  const { tcp, ...transports } = loadCostProfile('reference').transports;
  expect(tcp).toBeDefined();
  const costs = profileWith({ transports });
  expect(simulationWith({ costs }).topology.name).toBe('shared-host');
  const failing = () => simulationWith({ costs, topology: 'lan-10g' });
  expect(failing).toThrow(UsageError);
  expect(failing).toThrow(/^cost profile poor has no costs of transport 'tcp'; it has unix: choose a --topology /);
});

test('message kinds are those of the protocols that are to be measured', () => {
  const { replica, client } = loadCostProfile('reference').steps['unreplicated'] ?? {};
  const received = { request: { us: 1 }, reply: { us: 1 } };
  const costs = profileWith({ steps: { '*': { replica: { ...replica, received }, client: { ...client, received } } } });
  expect(() => simulationWith({ costs, protocols: [{ protocol: 'unreplicated', options: {} }] })).not.toThrow();
  expect(() => simulationWith({ costs, protocols: [{ protocol: 'pbft', options: {} }] })).toThrow(
    /^cost profile poor has no costs of receiving pbft's message '\w+'; it has request, reply in steps\.\*: /,
  );
});
