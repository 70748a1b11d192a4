import { describe, expect, test } from 'vitest';
import type { CostProfile } from './cost-profile.ts';
import { loadCostProfile, shippedProfiles } from './shipped-profiles.ts';

const PUBLISHED = ['osdi-1999', 'sosp-2005', 'tocs-2002', 'zyzzyva-2007'];

/** How a number of a published profile is known, or why there is none. */
const KNOWN = /\bread: |\brecalled[:,]|^in (read|write|the transport): /;

/** Every cost of a profile, with where it stands. */
function* costsIn(value: unknown, path: string): Generator<{ readonly path: string; readonly source: unknown }> {
  if (typeof value !== 'object' || value === null) return;
  if ('us' in value) yield { path, source: 'source' in value ? value.source : undefined };
  for (const [name, inner] of Object.entries(value)) yield* costsIn(inner, `${path}.${name}`);
}

test.each(PUBLISHED)('%s ships', (name) => {
  expect(shippedProfiles()).toContain(name);
});

describe.each(PUBLISHED)('%s', (name) => {
  const profile: CostProfile = loadCostProfile(name);

  test('has the name of its file, and is called published', () => {
    expect(profile.name).toBe(name);
    expect(profile.origin).toBe('published');
  });

  test('tells of every number where it is read or that it is recalled', () => {
    const costs = [...costsIn(profile, name)];
    expect(costs.length).toBeGreaterThan(20);
    expect(costs.filter(({ source }) => typeof source !== 'string' || !KNOWN.test(source))).toEqual([]);
  });

  test('tells where the latency of waking comes from', () => {
    for (const { wake, wakeLatencyUs } of Object.values(profile.transports)) {
      expect(wake.source).toContain(`Wake latency ${wakeLatencyUs}`);
    }
  });
});
