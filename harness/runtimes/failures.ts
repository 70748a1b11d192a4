import { ZodError } from 'zod';
import { failureReason } from '../node/failure-reason.ts';
import { RuntimeFailure } from './runtime.ts';

export function interrupted(): RuntimeFailure {
  return new RuntimeFailure('the run was interrupted');
}

/** Every failure as one line for people. */
export function runtimeFailure(error: unknown): RuntimeFailure {
  if (error instanceof RuntimeFailure) return error;
  if (error instanceof ZodError) {
    const issues = error.issues.map((issue) => `${issue.path.join('.') || 'options'}: ${issue.message}`);
    return new RuntimeFailure(issues.join('; '));
  }
  return new RuntimeFailure(error instanceof Error ? error.message : failureReason(error));
}
