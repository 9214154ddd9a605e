import type { Segment } from "./segment.ts";

/**
 * How a score was had, in sacreBLEU's words (Post 2018), such as
 * `nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.x`: scores can be compared where signatures are equal. The
 * version is that of sacreBLEU, whose scores these are.
 */
export function signature(
  segments: readonly Segment[],
  lowercase: boolean,
  fields: Readonly<Record<string, string | number>>,
): string {
  const counts = new Set(segments.map(({ references }) => references.length));
  const all = {
    nrefs: counts.size === 1 ? segments[0]!.references.length : "var",
    case: lowercase ? "lc" : "mixed",
    ...fields,
    version: "2.x",
  };
  return Object.entries(all)
    .map(([name, value]) => `${name}:${value}`)
    .join("|");
}
