import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { loadCostProfile } from '../costs/shipped-profiles.ts';
import { DEFAULTS } from '../suites/settings.ts';
import { loadTopology } from '../topologies/shipped-topologies.ts';
import { manifestOf } from './manifest.ts';

const VERSION = /^\d+\.\d+\.\d+/;
const suite = { ...DEFAULTS, name: 'mine', title: 'Mine', summary: 'For tests.' };
const simulation = {
  topology: loadTopology('lan-10g'),
  costs: loadCostProfile('reference'),
  crypto: 'modelled',
} as const;
const manifest = manifestOf({
  run: 'run',
  started: new Date(0),
  suite,
  measurements: 12,
  simulations: [['sim-mine-01234567', simulation]],
});

test('a manifest says what was asked, and where and with what it ran', () => {
  expect(manifest).toMatchObject({
    run: 'run',
    started: '1970-01-01T00:00:00.000Z',
    suite,
    measurements: 12,
    versions: {
      'qu-bench': expect.stringMatching(VERSION),
      node: process.versions.node,
      '@noble/hashes': expect.stringMatching(VERSION),
      'libsodium-sumo': expect.stringMatching(VERSION),
    },
  });
  expect(manifest.simulations).toEqual([
    {
      run: 'sim-mine-01234567',
      topology: 'lan-10g',
      costs: {
        name: 'reference',
        origin: simulation.costs.origin,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
      crypto: 'modelled',
    },
  ]);
  expect(manifest.host.cores).toBeGreaterThan(0);
  expect(manifest.host.memoryMib).toBeGreaterThan(0);
  expect(manifest.commit === null || /^[0-9a-f]{40}$/.test(manifest.commit.revision)).toBe(true);
});

test('it does not name the machine', () => {
  expect(JSON.stringify({ ...manifest, host: { ...manifest.host, platform: '' } })).not.toContain(`"${hostname()}"`);
  expect(Object.keys(manifest.host)).toEqual(['cpu', 'cores', 'memoryMib', 'platform']);
});
