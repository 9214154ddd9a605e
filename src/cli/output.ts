/** One JSON value a line on standard output, numbers as they are. */
export function printJson(value: unknown): void {
  process.stdout.write(jsonLine(value));
}

/** A JSON value as a line, also for programs that end lines where only Unicode does. */
export function jsonLine(value: unknown): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return `${JSON.stringify(value).replace(/[\x85\u2028\u2029]/g, escaped)}\n`;
}

/** Writes on standard output; waits where its reader is slow, so that nothing piles up. */
export async function printed(text: string): Promise<void> {
  if (process.stdout.write(text)) return;
  await new Promise<void>((resolve) => process.stdout.once("drain", resolve));
}

/** A line on standard error, where people are told things while standard output stays clean. */
export function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
