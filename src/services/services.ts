import type { ServiceDefinition } from '../kernel/service.ts';
import { counterService } from './counter.ts';
import { kvService } from './kv.ts';
import { nfsService } from './nfs/nfs.ts';
import { nullService } from './null.ts';

/** Every service that a workload can name. */
export const services: readonly ServiceDefinition[] = [counterService, kvService, nfsService, nullService];

/** Throws an Error that a person can act on if there is no such service. */
export function serviceDefinition(name: string): ServiceDefinition {
  const definition = services.find((candidate) => candidate.name === name);
  if (definition !== undefined) return definition;
  throw new Error(`unknown service '${name}'; there are ${services.map((service) => service.name).join(', ')}`);
}
