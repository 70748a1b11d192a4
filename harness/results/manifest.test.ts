import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { DEFAULTS } from '../suites/settings.ts';
import { manifestOf } from './manifest.ts';

const VERSION = /^\d+\.\d+\.\d+/;
const suite = { ...DEFAULTS, name: 'mine', title: 'Mine', summary: 'For tests.' };
const manifest = manifestOf('run', new Date(0), suite, 12);

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
  expect(manifest.host.cores).toBeGreaterThan(0);
  expect(manifest.host.memoryMib).toBeGreaterThan(0);
  expect(manifest.commit === null || /^[0-9a-f]{40}$/.test(manifest.commit.revision)).toBe(true);
});

test('it does not name the machine', () => {
  expect(JSON.stringify({ ...manifest, host: { ...manifest.host, platform: '' } })).not.toContain(`"${hostname()}"`);
  expect(Object.keys(manifest.host)).toEqual(['cpu', 'cores', 'memoryMib', 'platform']);
});
