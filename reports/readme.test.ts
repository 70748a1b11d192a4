import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { protocolNamed } from '../baselines/registry.ts';
import { counterService } from '../src/services/counter.ts';
import { readmeTables } from './testing/readme-tables.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const packageFile: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const { dependencies, devDependencies } = z
  .object({ dependencies: z.record(z.string(), z.string()), devDependencies: z.record(z.string(), z.string()) })
  .parse(packageFile);

test('README documents the columns of results.csv as they are', () => {
  expect(readme).toContain(readmeTables().results);
});

test('README documents the columns of summary.csv as they are', () => {
  expect(readme).toContain(readmeTables().summary);
});

test.each(Object.keys(dependencies))('README gives a reason for %s', (name) => {
  expect(readme).toMatch(new RegExp(`^\\| .*\`${name}\`.* \\| .{10,} \\|$`, 'm'));
});

test.each(Object.keys(devDependencies).filter((name) => !name.startsWith('@types/')))('README names %s', (name) => {
  expect(readme).toContain(`\`${name}\``);
});

// The forms as README writes them, with the values of the cost models at f = 2, B = 4 and K = 32.
test.each([
  ['rcw', '4 + 8f', 4 + 8 * 2, '| messages there | 2 | 4 |', 4, '4(4f+1)', 4 * (4 * 2 + 1), '4 + 8f', 4 + 8 * 2],
  ['qu', '2 + 8f', 2 + 8 * 2, '| messages there | 2 |', 2, '2(4f+1)', 2 * (4 * 2 + 1), '2 + 8f', 2 + 8 * 2],
  [
    'pbft',
    '2 + 10f/B + 5f/(K·B)',
    2 + (10 * 2) / 4 + (5 * 2) / (32 * 4),
    '2 + 12f/B + 6f/(K·B)',
    2 + (12 * 2) / 4 + (6 * 2) / (32 * 4),
    '1 + (3f+1) + (3f + 9f² + 3f(3f+1) + 3f(3f+1)/K)/B',
    1 + 7 + (6 + 36 + 42 + 42 / 32) / 4,
    '2 + (8f+1)/B',
    2 + (8 * 2 + 1) / 4,
  ],
])(
  "README's closed forms of %s are those of its cost model",
  (name, macs, macsAt, there, thereAt, messages, messagesAt, published, publishedAt) => {
    const options = name === 'pbft' ? { checkpointInterval: 32 } : {};
    const model = protocolNamed(name).deploy(2, counterService.create({}), options).costModel;
    const parameters = { faults: 2, batch: name === 'pbft' ? 4 : 1 };
    for (const form of [macs, there, messages, published]) expect(readme).toContain(form);
    expect(model.macsAtBusiestReplica(parameters)).toBeCloseTo(macsAt, 9);
    expect(model.messagesAtBusiestReplica(parameters)).toBeCloseTo(thereAt, 9);
    expect(model.messagesInAll(parameters)).toBeCloseTo(messagesAt, 9);
    expect(model.published.macsAtBusiestReplica(parameters)).toBeCloseTo(publishedAt, 9);
  },
);
