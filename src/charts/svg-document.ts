import { FONTS, PAPER } from "./palette.ts";
import { element, escaped } from "./svg.ts";

/**
 * A standalone SVG document on white paper.
 *
 * @param about what a screen reader says: plain text
 */
export function svgDocument(
  paper: { width: number; height: number },
  about: { title: string; description: string },
  children: readonly string[],
): string {
  return `${element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      ...paper,
      viewBox: `0 0 ${paper.width} ${paper.height}`,
      role: "img",
      "font-family": FONTS,
    },
    [
      element("title", {}, [escaped(about.title)]),
      element("desc", {}, [escaped(about.description)]),
      element("rect", { ...paper, fill: PAPER }),
      ...children,
    ],
  )}\n`;
}
