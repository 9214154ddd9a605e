/** Where a text with too many tokens is cut: what was said first is lost, or what was said last. */
export type Truncation = "start" | "end";

/** At most `maxLength` of some ids. */
export function truncated(ids: readonly number[], maxLength: number, at: Truncation): readonly number[] {
  if (ids.length <= maxLength) return ids;
  return at === "start" ? ids.slice(ids.length - maxLength) : ids.slice(0, maxLength);
}
