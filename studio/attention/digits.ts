/** A number as a table of arithmetic has it: four significant digits, with a real minus sign. */
export function digits(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  const text = size >= 1e5 || size < 1e-4 ? size.toExponential(2) : String(Number(size.toPrecision(4)));
  return value < 0 ? `−${text}` : text;
}
