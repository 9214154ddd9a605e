/** Six digits, of which sums can be done again. */
export function digits(value: number): number {
  return Number(value.toPrecision(6));
}

export function rounded(values: ArrayLike<number>): number[] {
  return Array.from(values, digits);
}
