import { expect, test } from 'vitest';
import { createRingMesh, ringBetween } from './ring-mesh.ts';
import { RingReader, RingWriter } from './shared-ring.ts';

test('every directed pair has a ring of its own', () => {
  const mesh = createRingMesh(3);
  const pairs = [0, 1, 2].flatMap((from) => [0, 1, 2].map((to) => ({ from, to })));
  for (const { from, to } of pairs) {
    const mark = new Uint8Array(mesh.ringBytes).fill(10 * from + to);
    expect(new RingWriter(ringBetween(mesh, from, to)).write(mark)).toBe(mesh.ringBytes);
  }
  for (const { from, to } of pairs) {
    const chunk = new RingReader(ringBetween(mesh, from, to)).read();
    expect(chunk?.every((byte) => byte === 10 * from + to)).toBe(true);
  }
});

test.each([2, 7, 30, 155, 400])('the rings of %d nodes stay within 1 GiB and some', (nodes) => {
  const { memory, ringBytes } = createRingMesh(nodes);
  expect(memory.byteLength).toBeLessThan(1.1 * 1024 ** 3);
  expect(ringBytes).toBeGreaterThanOrEqual(4 * 1024);
  expect(Math.log2(ringBytes) % 1).toBe(0);
});
