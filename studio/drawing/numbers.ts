/** A share in percent as it is shown: whole from 10 % on, else with one decimal, `<0.1%` below that. */
export function percent(share: number): string {
  const points = 100 * share;
  if (points >= 9.95) return `${Math.round(points)}%`;
  if (points > 0 && points < 0.05) return "<0.1%";
  return `${Number(points.toFixed(1))}%`;
}

/** A share in whole percent. */
export function wholePercent(share: number): string {
  return `${Math.round(100 * share)}%`;
}

/** A number with two decimals and a real minus sign. */
export function signed(value: number, decimals = 2): string {
  const digits = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(digits) !== 0 ? `−${digits}` : digits;
}

/** `1234567` as `1,234,567`. */
export function grouped(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 0 });
}
