import type { Protocol } from '../../../src/kernel/erased-protocol.ts';

/** The fault thresholds that each test runs a protocol with. */
export function faultsTried(protocol: Protocol): readonly number[] {
  return protocol.leastFaults === 0 ? [0] : [1, 2];
}
