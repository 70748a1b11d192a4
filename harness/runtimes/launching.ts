import type { Deployment } from './deployment.ts';
import { interrupted, runtimeFailure } from './failures.ts';
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
  if (signal.aborted) throw interrupted();
  const { deployment, bringUp } = await prepared(prepare);
  // Interrupted during the preparation: the deployment is closed already, and nothing may be started any more.
  if (signal.aborted) {
    await deployment.close();
    throw interrupted();
  }
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
    throw runtimeFailure(error);
  } finally {
    clearTimeout(timeout);
  }
}

async function prepared(prepare: () => Launch | Promise<Launch>): Promise<Launch> {
  try {
    return await prepare();
  } catch (error) {
    throw runtimeFailure(error);
  }
}
