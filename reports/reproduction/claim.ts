import type { Evidence, Finding } from './evidence.ts';

/** How a published figure is known: it was read in the source, or it is believed to stand there. */
export type Known = 'read' | 'recalled';

interface Published {
  /** Short and stable, for references. */
  readonly id: string;
  /** Paper and place in it. */
  readonly source: string;
  readonly known: Known;
  /** What it says, with the setting. */
  readonly what: string;
}

/** A published number. */
export interface NumberClaim extends Published {
  readonly kind: 'number';
  readonly unit: Unit;
  readonly published: number;
  /** The suite whose points speak of it. */
  readonly suite: string;
  /** Largest difference that counts as agreement, in the unit; without one, a fifth of the published value, or of the ratio behind a change. */
  readonly tolerance?: number;
  /** The profile was made from this number, so that it proves nothing. */
  readonly isInput?: true;
  readonly ours: (evidence: Evidence) => Finding;
  readonly note?: string;
}

/** `change`: of a ratio, -0.36 is -36 %. */
export type Unit = 'change' | 'ratio' | 'ms' | 'ops/s' | 'MACs' | 'messages';

/** A published order of things. */
export interface OrderClaim extends Published {
  readonly kind: 'order';
  readonly published: string;
  readonly suite: string;
  /** Whether it holds, and the numbers that say so. */
  readonly ours: (evidence: Evidence) => OrderFinding;
  readonly note?: string;
}

export type OrderFinding = { readonly holds: boolean; readonly numbers: string } | { readonly missing: string };

/** What cannot be shown here, and why. */
export interface OpenClaim extends Published {
  readonly kind: 'open';
  readonly published: string;
  readonly reason: string;
}

export type Claim = NumberClaim | OrderClaim | OpenClaim;
