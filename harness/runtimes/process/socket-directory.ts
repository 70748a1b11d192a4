import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RuntimeFailure } from '../runtime.ts';

/** The system's limit on the path of a Unix socket, less its terminator; macOS has the smaller one of the platforms. */
const MOST_PATH_BYTES = 103;

export interface SocketDirectory {
  socketOf(replica: number): string;
  remove(): Promise<void>;
}

/** A directory that only this user may enter. It is removed with the process at the latest, unless that is killed. */
export async function createSocketDirectory(): Promise<SocketDirectory> {
  const parent = tmpdir();
  // mkdtemp makes it with mode 0700.
  const path = await mkdtemp(join(parent, 'qu-bench-')).catch((error: Error) => {
    throw new RuntimeFailure(`no directory for sockets in ${parent}: ${error.message}; set TMPDIR to a writable one`);
  });
  const removeAtExit = (): void => rmSync(path, { recursive: true, force: true });
  process.once('exit', removeAtExit);
  const directory: SocketDirectory = {
    socketOf: (replica) => join(path, `replica-${replica}`),
    async remove() {
      process.off('exit', removeAtExit);
      await rm(path, { recursive: true, force: true });
    },
  };
  if (Buffer.byteLength(directory.socketOf(9999)) <= MOST_PATH_BYTES) return directory;
  await directory.remove();
  throw new RuntimeFailure(`${path} is too long a path for Unix sockets; set TMPDIR to a shorter one`);
}
