import stringWidth from "string-width";
import { lastCross, meanOverHeads } from "./cross-attention.ts";
import type { Answer } from "./responder.ts";

export interface AttentionGridOptions {
  /** Which attention, such as `cross.0`. Default: that of the last layer to the source. */
  readonly attention?: string;
  /** Columns of the terminal; longer sources go on below. Default: no limit. */
  readonly width?: number;
}

/** From which weight on a cell has this shade. */
const SHADES: readonly (readonly [from: number, shade: string])[] = [
  [0.5, "█"],
  [0.25, "▓"],
  [0.1, "▒"],
  [0.03, "░"],
  [0, " "],
];

const GAP = " ";

/**
 * What each piece of an answer attended to, as text: a column a source piece, a row an answer piece, the mean over the
 * heads as a shade. Wide characters, as of Hangul, count as the two columns a terminal gives them.
 *
 * @param answer from a responder that was compiled with `attention: true`
 * @throws when the answer has no attention, or none of that name
 */
export function attentionGrid(
  { sourceTokens, tokens, attention }: Pick<Answer, "sourceTokens" | "tokens" | "attention">,
  options: AttentionGridOptions = {},
): string {
  const [first] = attention;
  if (first === undefined) throw new Error("attentionGrid: the answer has no attention; compile with attention: true");
  const name = options.attention ?? lastCross(Object.keys(first));
  if (name === undefined || first[name] === undefined) {
    throw new Error(`attentionGrid: there is no attention "${name}"; there are ${Object.keys(first).join(", ")}`);
  }
  const weights = attention.map((step) => meanOverHeads(step[name]));
  const labels = attention.map((_, i) => tokens[i] ?? "<end>");
  const legend = SHADES.filter(([from]) => from > 0).map(([from, shade]) => `${shade} ≥ ${Math.round(from * 100)} %`);
  return [...shadedTable(sourceTokens, labels, weights, options.width), legend.reverse().join("   ")].join("\n");
}

/** Lines of a table, its columns in as many blocks as the width asks for. */
function shadedTable(
  columns: readonly string[],
  rows: readonly string[],
  weights: readonly (readonly number[])[],
  width = Number.POSITIVE_INFINITY,
): string[] {
  const labelWidth = Math.max(...rows.map((row) => stringWidth(row)));
  const lines: string[] = [];
  for (let start = 0; start < columns.length; ) {
    let end = start;
    let used = labelWidth;
    do used += GAP.length + stringWidth(columns[end++]);
    while (end < columns.length && used + GAP.length + stringWidth(columns[end]) <= width);
    const block = columns.slice(start, end);
    if (start > 0) lines.push("");
    lines.push([" ".repeat(labelWidth), ...block].join(GAP));
    rows.forEach((row, i) => {
      const cells = block.map((column, j) => shadeOf(weights[i][start + j]).repeat(stringWidth(column)));
      lines.push([" ".repeat(labelWidth - stringWidth(row)) + row, ...cells].join(GAP));
    });
    start = end;
  }
  return lines;
}

function shadeOf(weight: number): string {
  return SHADES.find(([from]) => weight >= from)?.[1] ?? " ";
}
