import type { Authentication } from '../../kernel/authentication.ts';
import type { CachedHistorySet } from '../cached-history-set.ts';
import { Bindings } from './binding.ts';

/** What a client has learnt in one operation of the joint candidates that it met. */
export class Ties {
  /** What they are about. */
  readonly bindings: Bindings;
  /** Objects that replicas have been asked for what joint candidates they hold of them. */
  readonly asked = new Set<string>();
  /** History sets of objects that they have led to. Kept: the cache may let one go while it is needed, and what was learnt of the object with it. */
  readonly caches = new Map<string, CachedHistorySet>();

  constructor(authentication: Authentication) {
    this.bindings = new Bindings(authentication);
  }
}
