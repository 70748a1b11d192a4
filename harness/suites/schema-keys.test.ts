import { expect, test } from 'vitest';
import { z } from 'zod';
import { keysOfSchema } from './schema-keys.ts';

const shape = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('circle'), radius: z.number() }),
  z.strictObject({ kind: z.literal('polygon'), points: z.array(z.strictObject({ x: z.number(), y: z.number() })) }),
]);
const drawing = z.strictObject({
  shapes: z.record(z.string(), shape),
  pen: z.strictObject({ width: z.number() }).optional(),
});

test.each<[string, PropertyKey[], unknown, string[]]>([
  ['at the top', [], {}, ['shapes', 'pen']],
  ['within what may be left out', ['pen'], { pen: {} }, ['width']],
  ['of the kind that the content names', ['shapes', 'a'], { shapes: { a: { kind: 'circle' } } }, ['kind', 'radius']],
  ['within a list', ['shapes', 'a', 'points', 0], { shapes: { a: { kind: 'polygon', points: [{}] } } }, ['x', 'y']],
  ['of an unknown kind there are none', ['shapes', 'a'], { shapes: { a: { kind: 'star' } } }, []],
  ['where no keys stand', ['pen', 'width'], {}, []],
])('keys %s', (_, path, content, keys) => {
  expect(keysOfSchema(drawing, path, content)).toEqual(keys);
});
