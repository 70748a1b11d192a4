import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { protocolNamed, protocols } from '../../baselines/registry.ts';
import { services } from '../../src/services/services.ts';
import { plannedSeconds } from '../cli/config-block.ts';
import { loadCostProfile } from '../costs/shipped-profiles.ts';
import { runtimes } from '../runtimes/runtimes.ts';
import { loadTopology } from '../topologies/shipped-topologies.ts';
import { partsOf } from './parts.ts';
import { pointsOf } from './points.ts';
import { resolveSuite } from './resolve.ts';
import { DEFAULT_SHIPPED_SUITE, shippedSuites, suitePath } from './shipped.ts';
import { loadSuite } from './suite-file.ts';

const catalog = { protocols, services, runtimes };

function resolved(name: string, short: boolean) {
  return resolveSuite(loadSuite(suitePath(name)), short, { overrides: {}, flag: (setting) => setting }, catalog);
}

function seconds(name: string, short: boolean): number {
  const suite = resolved(name, short);
  return plannedSeconds(suite, pointsOf(suite, catalog)) ?? Number.NaN;
}

const isWhole = (name: string) => loadSuite(suitePath(name)).content.parts === undefined;

test.each(shippedSuites().filter(isWhole))('suite %s runs as it is, and has the name of its file', (name) => {
  expect(resolved(name, false).name).toBe(name);
});

describe.each(shippedSuites().filter((name) => !isWhole(name)))('suite %s', (name) => {
  const loaded = loadSuite(suitePath(name));
  const parts = partsOf(loaded, suitePath(name)) ?? [];

  test('has the name of its file', () => {
    expect(loaded.content.name).toBe(name);
  });

  test.each(parts.map((part) => [part.content.name, part] as const))(
    'has a part %s that runs as it is',
    (own, part) => {
      expect(resolveSuite(part, false, { overrides: {}, flag: (setting) => setting }, catalog).name).toBe(own);
      if (part.content.runtime === 'sim') {
        expect(loadTopology(part.content.topology ?? '').name).toBe(part.content.topology);
        expect(loadCostProfile(part.content.costs ?? '').name).toBe(part.content.costs);
      }
    },
  );
});

test('the default suite takes under a minute', () => {
  expect(shippedSuites()).toContain(DEFAULT_SHIPPED_SUITE);
  expect(seconds(DEFAULT_SHIPPED_SUITE, false)).toBeLessThan(45);
});

describe('fault-scalability', () => {
  test('compares all protocols from f = 1 to 5, and has enough repeats for intervals', () => {
    const suite = resolved('fault-scalability', false);
    expect(suite.protocols.map(({ protocol, variant }) => [protocol, variant])).toEqual([
      ['qu', undefined],
      ['pbft', 'batches'],
      ['pbft', 'batch 1'],
      ['unreplicated', undefined],
    ]);
    expect(suite.faults).toEqual([1, 2, 3, 4, 5]);
    expect(suite.repeat).toBeGreaterThanOrEqual(6);
  });

  test('takes under four minutes in its short form, building included', () => {
    expect(resolved('fault-scalability', true).faults).toEqual([1, 2, 3]);
    expect(seconds('fault-scalability', true)).toBeLessThan(200);
  });
});

describe('optimisations', () => {
  const { protocols: entries } = resolved('optimisations', false);

  test('measures Q/U and PBFT with their defaults, and under names what differs', () => {
    expect(entries.filter(({ variant }) => variant === undefined).map(({ protocol }) => protocol)).toEqual([
      'qu',
      'pbft',
    ]);
    expect(
      entries.filter(({ variant, options }) => (variant === undefined) !== (Object.keys(options).length === 0)),
    ).toEqual([]);
  });

  test.each(['qu', 'pbft'])('switches off every optimisation of %s, one at a time', (name) => {
    const { options } = protocolNamed(name);
    const defaults = Object.entries(z.record(z.string(), z.unknown()).parse(options.parse({})));
    const switches = defaults.filter(([, value]) => value === true).map(([option]) => option);
    const off = entries
      .filter(({ protocol }) => protocol === name)
      .map((entry) => switches.filter((option) => entry.options[option] === false));
    expect(off.flat().sort()).toEqual(switches.sort());
    expect(Math.max(...off.map(({ length }) => length))).toBe(1);
  });

  test('takes under four minutes in its short form', () => {
    expect(seconds('optimisations', true)).toBeLessThan(200);
  });
});
