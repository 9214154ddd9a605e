import stringWidth from "string-width";
import { element, escaped } from "./svg.ts";

/** The size of text and the distance of its lines in pixels, its weight and colour. */
export interface TextStyle {
  size: number;
  line: number;
  weight: number;
  fill: string;
}

/** Lines of text set to a width, not yet anywhere. */
export interface TextBlock {
  lines: readonly string[];
  style: TextStyle;
  width: number;
  height: number;
}

/** Breaks text at spaces, and words that are too long anywhere, so that no line is wider than `width` pixels. */
export function textBlock(text: string, style: TextStyle, width = Number.POSITIVE_INFINITY): TextBlock {
  const lines: string[] = [];
  let line = "";
  for (const word of text.trim().split(/\s+/)) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (textWidth(longer, style) <= width) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    line = "";
    for (const character of word) {
      if (line !== "" && textWidth(line + character, style) > width) {
        lines.push(line);
        line = "";
      }
      line += character;
    }
  }
  if (line !== "") lines.push(line);
  return {
    lines,
    style,
    width: Math.max(0, ...lines.map((line) => textWidth(line, style))),
    height: lines.length * style.line,
  };
}

/** The block as SVG, its upper left corner at `x, y`. */
export function drawText(block: TextBlock, x: number, y: number, anchor?: "middle" | "end"): string {
  const { lines, style } = block;
  // Capitals reach to 0.72 em above the baseline: this centres them in the line.
  const baseline = y + style.line / 2 + 0.36 * style.size;
  return lines
    .map((line, index) =>
      element(
        "text",
        {
          x,
          y: baseline + index * style.line,
          "font-size": style.size,
          "font-weight": style.weight,
          fill: style.fill,
          "text-anchor": anchor,
        },
        [escaped(line)],
      ),
    )
    .join("");
}

/** About how wide text is in pixels: no font is at hand, so every kind of letter has a mean width. */
export function textWidth(text: string, style: Pick<TextStyle, "size">): number {
  let ems = 0;
  for (const character of text) {
    const columns = stringWidth(character);
    if (columns !== 1) ems += columns * 0.48;
    else if (/[%@—]/.test(character)) ems += 0.92;
    else if (/[\p{Lu}mw]/u.test(character)) ems += 0.7;
    else if (/[\sijltfr.,:;'|()[\]]/.test(character)) ems += 0.34;
    else ems += 0.57;
  }
  return ems * style.size;
}
