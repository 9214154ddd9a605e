/** A program that measures something and answers with figures. */
export interface Benchmark {
  readonly summary: string;
  /** Its options, one a line. */
  readonly usage: string;
  /**
   * @param args of the command line, without the benchmark's name
   * @returns what is printed as JSON; times in seconds or milliseconds, as the names say
   */
  run(args: readonly string[]): Promise<Record<string, unknown>>;
}

/** How some measurements lie. */
export interface Spread {
  readonly median: number;
  readonly mean: number;
  readonly least: number;
  readonly most: number;
  readonly count: number;
}

export function spreadOf(values: readonly number[]): Spread {
  return {
    median: quantile(values, 0.5),
    mean: values.reduce((a, b) => a + b, 0) / values.length,
    least: Math.min(...values),
    most: Math.max(...values),
    count: values.length,
  };
}

/** The value that this share of the values does not exceed, interpolated between neighbours. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return below + (above - below) * (at - Math.floor(at));
}

/** Progress, beside the figures. */
export function progress(text: string): void {
  console.error(text);
}

/**
 * The names that an option lists.
 *
 * @throws when one of them is not known
 */
export function chosen(option: string, list: string, known: readonly string[]): string[] {
  const names = list.split(",");
  const stranger = names.find((name) => !known.includes(name));
  if (stranger !== undefined) throw new Error(`--${option}: ${stranger} is none of ${known.join(", ")}`);
  return names;
}
