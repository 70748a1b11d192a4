import type { Claim } from './claim.ts';
import { laterClaims } from './later-claims.ts';
import { pbftClaims } from './pbft-claims.ts';
import { sospClaims } from './sosp-claims.ts';

/** Everything published that is to be seen again here, or cannot be, by paper. */
export const claims: readonly Claim[] = [...sospClaims, ...pbftClaims, ...laterClaims];
