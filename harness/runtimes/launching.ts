import { ZodError } from 'zod';
import { failureReason } from '../node/failure-reason.ts';
import type { Deployment } from './deployment.ts';
import { type RunningDeployment, RuntimeFailure } from './runtime.ts';

/** A node takes well under a second to start; many on few busy cores take longer. */
const LAUNCH_TIMEOUT_MS = 60_000;

interface Launch {
  readonly deployment: Deployment;
  readonly bringUp: () => Promise<void>;
}

/** Brings a deployment up within bounded time; whatever goes wrong, its nodes are gone before the failure is passed on. */
export async function launching(
  signal: AbortSignal,
  prepare: () => Launch | Promise<Launch>,
): Promise<RunningDeployment> {
  if (signal.aborted) throw new RuntimeFailure('the run was interrupted');
  const { deployment, bringUp } = await prepared(prepare);
  const timeout = setTimeout(() => {
    deployment.fail(
      new RuntimeFailure(`nodes were not up after ${LAUNCH_TIMEOUT_MS / 1e3} s: is the machine overloaded?`),
    );
  }, LAUNCH_TIMEOUT_MS);
  try {
    await deployment.guarded(bringUp());
    return deployment;
  } catch (error) {
    await deployment.close();
    throw launchFailure(error);
  } finally {
    clearTimeout(timeout);
  }
}

async function prepared(prepare: () => Launch | Promise<Launch>): Promise<Launch> {
  try {
    return await prepare();
  } catch (error) {
    throw launchFailure(error);
  }
}

/** Every failure to launch as one line for people. */
export function launchFailure(error: unknown): RuntimeFailure {
  if (error instanceof RuntimeFailure) return error;
  if (error instanceof ZodError) {
    const issues = error.issues.map((issue) => `${issue.path.join('.') || 'options'}: ${issue.message}`);
    return new RuntimeFailure(issues.join('; '));
  }
  return new RuntimeFailure(error instanceof Error ? error.message : failureReason(error));
}
