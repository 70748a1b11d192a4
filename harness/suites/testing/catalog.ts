import { protocolNamed } from '../../../baselines/registry.ts';
import { services } from '../../../src/services/services.ts';
import type { Runtime } from '../../runtimes/runtime.ts';
import { simRuntime } from '../../runtimes/sim/sim-runtime.ts';
import type { Catalog } from '../catalog.ts';

/** What tests of suites choose from; stays as it is when protocols are added. */
export function catalogWith(...runtimes: readonly Runtime[]): Catalog {
  return {
    protocols: ['qu', 'pbft', 'unreplicated'].map(protocolNamed),
    services,
    runtimes: [...runtimes, simRuntime],
  };
}
