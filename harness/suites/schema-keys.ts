import { ZodArray, ZodDefault, ZodDiscriminatedUnion, ZodObject, ZodOptional, ZodRecord, ZodType, z } from 'zod';

/** The keys that may stand at a path of `content`, which decides where the schema has several kinds. */
export function keysOfSchema(schema: unknown, path: readonly PropertyKey[], content: unknown): readonly string[] {
  if (schema instanceof ZodOptional || schema instanceof ZodDefault) {
    return keysOfSchema(schema.def.innerType, path, content);
  }
  if (schema instanceof ZodDiscriminatedUnion) return keysOfSchema(optionFor(schema, content), path, content);
  const [key, ...rest] = path;
  if (key === undefined) return schema instanceof ZodObject ? Object.keys(schema.shape) : [];
  const inner = valueAt(content, key);
  if (schema instanceof ZodObject) return keysOfSchema(valueAt(schema.shape, key), rest, inner);
  if (schema instanceof ZodArray) return keysOfSchema(schema.element, rest, inner);
  return schema instanceof ZodRecord ? keysOfSchema(schema.valueType, rest, inner) : [];
}

/** Of a discriminated union, the one that the content says it is. */
function optionFor({ options, def }: ZodDiscriminatedUnion, content: unknown): unknown {
  const kind = valueAt(content, def.discriminator);
  return options.find((option) => {
    const literal = option instanceof ZodObject ? valueAt(option.shape, def.discriminator) : undefined;
    return literal instanceof ZodType && literal.safeParse(kind).success;
  });
}

function valueAt(content: unknown, key: PropertyKey): unknown {
  const entries = z.record(z.string(), z.unknown()).safeParse(content);
  if (entries.success) return entries.data[String(key)];
  return Array.isArray(content) ? content[Number(key)] : undefined;
}
