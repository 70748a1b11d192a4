import { UsageError } from '../harness/suites/problem.ts';

/** The directory or a file in it cannot be reported on; the message is one line that says what is wrong and where. */
export class ReportInputError extends UsageError {}
