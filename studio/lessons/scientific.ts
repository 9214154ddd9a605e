const RAISED: Readonly<Record<string, string>> = {
  "-": "⁻",
  ...Object.fromEntries([..."⁰¹²³⁴⁵⁶⁷⁸⁹"].map((digit, i) => [String(i), digit])),
};

/** A number of any size in few letters: plain between 0.01 and 9,999, else as a power of ten. */
export function scientific(value: number): string {
  if (value === 0) return "0";
  if (value >= 0.01 && value < 10_000) return Number(value.toPrecision(3)).toLocaleString("en-US");
  const [digits, power] = value.toExponential(1).split("e");
  const raised = [...String(Number(power))].map((letter) => RAISED[letter]).join("");
  return digits === "1.0" ? `10${raised}` : `${digits}×10${raised}`;
}
