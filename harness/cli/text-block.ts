/** A heading, and beneath it labels with their texts in two columns. */
export function textBlock(heading: string, entries: readonly (readonly [label: string, text: string])[]): string {
  const width = Math.max(...entries.map(([label]) => label.length));
  return [heading, ...entries.map(([label, text]) => `  ${label.padEnd(width)}  ${text}`), ''].join('\n');
}

/** `45 s`, `3 min 20 s`, `1 h 12 min` */
export function spanText(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3_600) return whole % 60 === 0 ? `${whole / 60} min` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3_600)} h ${Math.round((whole % 3_600) / 60)} min`;
}
