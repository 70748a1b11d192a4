import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { UsageError } from './problem.ts';
import { resolveSuite } from './resolve.ts';
import type { Overrides } from './settings.ts';
import { parseSuite } from './suite-file.ts';
import { catalogWith } from './testing/catalog.ts';

const HEAD = 'name: mine\ntitle: Mine\nsummary: A suite.\nruntime: sim\n';
const VARIANTS = `${HEAD}protocols: [unreplicated, { protocol: pbft, variant: batch 1, options: { batchLimit: 1 } }, pbft]\n`;

function resolve(text: string, flags: Overrides = {}, short = false) {
  const named = { overrides: flags, flag: (setting: string) => `--${setting}` };
  return resolveSuite(parseSuite(text, 'mine.yaml'), short, named, catalogWith());
}

function failureOf(text: string, flags: Overrides = {}, short = false): string {
  try {
    resolve(text, flags, short);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return 'no failure';
}

test('flags win over the short form, that over the suite, that over the defaults', () => {
  const text = `${HEAD}repeat: 4\nseed: 5\noutstanding: 6\nshort:\n  repeat: 2\n  seed: 3\n`;
  const { repeat, seed, outstanding, objects } = resolve(text, { repeat: 1 }, true);
  expect({ repeat, seed, outstanding, objects }).toEqual({ repeat: 1, seed: 3, outstanding: 6, objects: 'private' });
  expect(resolve(text).repeat).toBe(4);
});

test('a suite without a short form has none', () => {
  expect(failureOf(HEAD, {}, true)).toBe('--short: suite mine has no short form');
});

test('the resolved suite, written and read, is the same suite', () => {
  const suite = resolve(VARIANTS, { faults: [1, 2], options: { pbft: { window: 2 } } });
  expect(resolve(stringify(suite))).toEqual(suite);
  expect(parse(stringify(suite))).toMatchObject({ faults: [1, 2], seed: 1 });
});

describe('protocols by flag', () => {
  test('come with the variants that the suite has for them', () => {
    const { protocols } = resolve(VARIANTS, { protocols: [{ protocol: 'pbft', options: {} }] });
    expect(protocols.map(({ variant }) => variant)).toEqual(['batch 1', undefined]);
  });

  test('stand for their defaults where the suite has none', () => {
    const { protocols } = resolve(HEAD, { protocols: [{ protocol: 'pbft', options: {} }] });
    expect(protocols).toEqual([{ protocol: 'pbft', options: {} }]);
  });
});

describe('options by flag', () => {
  const text = `${VARIANTS}options:\n  pbft: { window: 2, statusUs: 5000 }\n  unreplicated: { retransmitUs: 9000 }\n`;

  test('go over the suite’s, one by one', () => {
    expect(resolve(text, { options: { pbft: { window: 3 } } }).options).toEqual({
      pbft: { window: 3, statusUs: 5_000 },
      unreplicated: { retransmitUs: 9_000 },
    });
  });

  test('of protocols that were not chosen are left out', () => {
    const flags = { protocols: [{ protocol: 'pbft', options: {} }] };
    expect(Object.keys(resolve(text, flags).options)).toEqual(['pbft']);
  });

  test('of a service stay with it', () => {
    const sized = `${HEAD}service: 'null'\nserviceOptions: { requestBytes: 4, replyBytes: 8 }\n`;
    expect(resolve(sized, { serviceOptions: { replyBytes: 9 } }).serviceOptions).toEqual({
      requestBytes: 4,
      replyBytes: 9,
    });
    expect(resolve(sized, { service: 'counter' }).serviceOptions).toEqual({});
  });
});

describe('workloads', () => {
  const text = `${HEAD}service: kv
serviceOptions: { keys: 9 }
queryShare: 0.5
workloads:
  - {}
  - { queryShare: 1, serviceOptions: { valueBytes: 8 } }
  - { service: counter, objects: shared }
short:
  workloads: [{ queryShare: 0 }]
`;
  const first = { service: 'kv', serviceOptions: { keys: 9 }, objects: 'private', queryShare: 0.5 };

  test('are as the suite where they do not say otherwise', () => {
    expect(resolve(text).workloads).toEqual([
      first,
      { ...first, queryShare: 1, serviceOptions: { keys: 9, valueBytes: 8 } },
      { service: 'counter', serviceOptions: {}, objects: 'shared', queryShare: 0.5 },
    ]);
  });

  test('are one where the suite lists none', () => {
    expect(resolve(HEAD).workloads).toEqual([
      { service: 'counter', serviceOptions: {}, objects: 'private', queryShare: 0 },
    ]);
  });

  test('may differ in the short form', () => {
    expect(resolve(text, {}, true).workloads).toEqual([{ ...first, queryShare: 0 }]);
  });

  test('give way to flags, and are measured once where those make them alike', () => {
    expect(resolve(text, { service: 'counter', objects: 'private', queryShare: 0 }).workloads).toEqual([
      { service: 'counter', serviceOptions: {}, objects: 'private', queryShare: 0 },
    ]);
    const options = resolve(text, { service: 'kv', serviceOptions: { keys: 3 } }).workloads.map(
      (each) => each.serviceOptions,
    );
    expect(options).toEqual([{ keys: 3 }, { keys: 3, valueBytes: 8 }, { keys: 3 }]);
  });

  test('are the same when the resolved suite is read again', () => {
    const suite = resolve(text, { queryShare: 0.25 });
    expect(resolve(stringify(suite))).toEqual(suite);
  });

  test.each([
    ['- { service: kvv }', "mine.yaml:6: workloads[0].service: unknown service 'kvv' (did you mean 'kv'?); there are"],
    ['- { querries: 1 }', "mine.yaml:6: workloads[0].querries: unknown key 'querries'"],
    ['- { queryShare: 2 }', 'mine.yaml:6: workloads[0].queryShare: Too big'],
    ['- { service: kv, serviceOptions: { keys: 0 } }', 'mine.yaml:6: workloads[0].serviceOptions.keys: Too small'],
  ])('%s is told where it stands', (entry, message) => {
    expect(failureOf(`${HEAD}workloads:\n  ${entry}\n`)).toContain(message);
  });
});

describe('a wrong value is told where it was written', () => {
  test.each<readonly [string, string, Overrides, string]>([
    [
      'unknown runtime',
      HEAD.replace('sim', 'simm'),
      {},
      "mine.yaml:4: runtime: unknown runtime 'simm' (did you mean 'sim'?); there are sim",
    ],
    [
      'unknown service',
      `${HEAD}service: count\n`,
      {},
      "mine.yaml:5: service: unknown service 'count' (did you mean 'counter'?); there are counter, kv, nfs, null",
    ],
    [
      'unknown option of a service',
      `${HEAD}service: null\nserviceOptions:\n  bytes: 1\n`.replace('service: null', 'service: "null"'),
      {},
      "mine.yaml:7: serviceOptions.bytes: service null has no option 'bytes'; it has requestBytes, replyBytes",
    ],
    [
      'option of a service that has none',
      `${HEAD}serviceOptions: { bytes: 1 }\n`,
      {},
      "mine.yaml:5: serviceOptions.bytes: service counter has no option 'bytes'; it has none",
    ],
    [
      'unknown MAC suite',
      `${HEAD}mac: hmac\n`,
      {},
      "mine.yaml:5: mac: unknown MAC suite 'hmac' (did you mean 'hmac-sha256'?); there are hmac-sha256, blake3, blake2b, siphash-2-4",
    ],
    [
      'unknown protocol',
      `${HEAD}protocols:\n  - unreplicated\n  - paxos\n`,
      {},
      "mine.yaml:7: protocols[1].protocol: unknown protocol 'paxos'; there are qu, pbft, unreplicated",
    ],
    [
      'option of a variant out of range',
      `${HEAD}protocols:\n  - protocol: pbft\n    options:\n      batchLimit: 0\n`,
      {},
      'mine.yaml:8: protocols[0].options.batchLimit: Too small: expected number to be >=1',
    ],
    [
      'unknown protocol by flag',
      HEAD,
      { protocols: [{ protocol: 'pbf', options: {} }] },
      "--protocols: unknown protocol 'pbf' (did you mean 'pbft'?); there are qu, pbft, unreplicated",
    ],
    [
      'options for a protocol that does not run',
      HEAD,
      { options: { pbft: { batchLimit: 1 } } },
      '--options pbft: pbft is not among the protocols of this run: unreplicated',
    ],
    [
      'a value in the short form',
      `${HEAD}short:\n  runtime: slow\n`,
      {},
      "mine.yaml:6: short.runtime: unknown runtime 'slow'; there are sim",
    ],
  ])('%s', (what, text, flags, message) => {
    expect(failureOf(text, flags, what.includes('short form'))).toBe(message);
  });
});
