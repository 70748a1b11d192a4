import type { ExitCode } from './exit-code.ts';

/** A run that was understood and did not come out as it should; the message is one line for people. */
export class RunFailure extends Error {
  readonly code: ExitCode;

  constructor(message: string, code: ExitCode) {
    super(message);
    this.code = code;
  }
}
