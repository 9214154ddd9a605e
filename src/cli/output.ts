/** One JSON value a line on standard output, numbers as they are. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** A line on standard error, where people are told things while standard output stays clean. */
export function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
