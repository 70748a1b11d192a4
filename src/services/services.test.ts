import { expect, test } from 'vitest';
import { serviceDefinition, services } from './services.ts';

test('names are unique and find their service', () => {
  for (const service of services) expect(serviceDefinition(service.name)).toBe(service);
});

test('an unknown service is refused with those that there are', () => {
  expect(() => serviceDefinition('queue')).toThrow("unknown service 'queue'; there are counter, kv, nfs, null");
});
