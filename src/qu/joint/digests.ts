import type { Authentication } from '../../kernel/authentication.ts';
import { concatenated } from '../../wire/bytes.ts';
import { NO_OPERATION } from '../timestamp.ts';
import { jointDigest } from './binding.ts';

/** Stands for a list of objects in a tag. */
export function objectsDigest(authentication: Authentication, objects: readonly string[]): Uint8Array {
  return jointDigest(authentication, { objects, requestDigest: NO_OPERATION });
}

/** Stands for the histories that an answer shows, given their digests. */
export function historiesDigest(authentication: Authentication, digests: readonly Uint8Array[]): Uint8Array {
  return authentication.digest(concatenated(digests));
}
