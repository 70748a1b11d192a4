import { protocolNamed } from '../../baselines/registry.ts';
import { CountedAuthentication } from '../../src/crypto/counted-authentication.ts';
import type { MacSuite } from '../../src/crypto/mac-suite.ts';
import { macSuite } from '../../src/crypto/suites.ts';
import type { DeployedProtocol } from '../../src/kernel/erased-protocol.ts';
import type { ParticipantId } from '../../src/kernel/identifiers.ts';
import type { Service } from '../../src/kernel/service.ts';
import { serviceDefinition } from '../../src/services/services.ts';
import type { RunSpec } from '../runtimes/runtime.ts';

/** What a RunSpec names, made: the same on every node. */
export interface System {
  readonly spec: RunSpec;
  readonly suite: MacSuite;
  readonly service: Service;
  readonly protocol: DeployedProtocol;
}

export type SystemParts = Pick<System, 'suite' | 'service'>;

/** Throws an error that a person can act on if the specification names something that does not exist. */
export function systemOf(spec: RunSpec, { suite, service }: SystemParts = partsOf(spec)): System {
  const protocol = protocolNamed(spec.protocol);
  if (!Number.isInteger(spec.faults) || spec.faults < protocol.leastFaults) {
    throw new Error(`${spec.protocol} needs f of at least ${protocol.leastFaults}, not ${spec.faults}`);
  }
  return { spec, suite, service, protocol: protocol.deploy(spec.faults, service, spec.protocolOptions) };
}

/** What a runtime may put something else in the place of. Throws as `systemOf`. */
export function partsOf(spec: RunSpec): SystemParts {
  const definition = serviceDefinition(spec.service);
  return { suite: macSuite(spec.mac), service: definition.create(definition.options.parse(spec.serviceOptions)) };
}

/** All nodes derive the same secret from the run's seed: keys are part of the measured work, not of anyone's safety. */
export function authenticationOf({ spec, suite }: System, self: ParticipantId): CountedAuthentication {
  const secret = new TextEncoder().encode(`qu-bench deployment ${spec.seed}`);
  return new CountedAuthentication(suite, secret, self);
}
