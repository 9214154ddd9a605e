/** A number in full, `1,024` or `0.05`. */
export function plainNumber(value: number): string {
  return value.toLocaleString("en-US", { maximumSignificantDigits: 6 });
}

/** A number as digits and a power of ten, `2.5×10⁻⁷`. */
export function powerOfTen(value: number): string {
  if (value === 0) return "0";
  const [digits, power] = Number(value.toPrecision(12)).toExponential().split("e");
  return `${digits}×10${raised(Number(power))}`.replace("-", "−").replace(/(?<![\d.])1×/, "");
}

/** A power of two as such, `2²⁰`. */
export function powerOfTwo(value: number): string {
  return `2${raised(Math.round(Math.log2(value)))}`;
}

function raised(power: number): string {
  return [...String(power)].map((digit) => SUPERSCRIPTS[digit]).join("");
}

const SUPERSCRIPTS: Readonly<Record<string, string>> = {
  "-": "⁻",
  ...Object.fromEntries([..."⁰¹²³⁴⁵⁶⁷⁸⁹"].map((superscript, digit) => [digit, superscript])),
};
