/** What went wrong in one line, with the place in the code for errors that nobody foresaw. */
export function failureReason(error: unknown): string {
  if (!(error instanceof Error)) return oneLine(String(error));
  const text = oneLine(error.message === '' ? error.name : error.message);
  if (error instanceof ForeseenFailure || isSystemError(error)) return text;
  const place = error.stack?.split('\n').find((line) => line.startsWith('    at '));
  return place === undefined ? `${error.name}: ${text}` : `${error.name}: ${text} (${place.trim()})`;
}

/** A failure whose message says all; no place in the code is added. */
export class ForeseenFailure extends Error {}

function isSystemError(error: Error): boolean {
  return 'syscall' in error;
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').trim();
}
