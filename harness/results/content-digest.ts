import { createHash } from 'node:crypto';

/** SHA-256 of plain data, in hex; the order of keys does not count. */
export function contentDigest(value: unknown): string {
  const sorted = JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
  return createHash('sha256').update(sorted).digest('hex');
}
