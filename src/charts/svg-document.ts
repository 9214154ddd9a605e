import { FONTS, PAPER } from "./palette.ts";
import { element, escaped, hundredths } from "./svg.ts";

/** How large a document is: pixels, shown `millimetres` wide where that is given. */
export interface Paper {
  readonly width: number;
  readonly height: number;
  readonly millimetres?: number;
}

/**
 * A standalone SVG document on white paper.
 *
 * @param about what a screen reader says: plain text
 */
export function svgDocument(
  { width, height, millimetres }: Paper,
  about: { title: string; description: string; language?: string },
  children: readonly string[],
): string {
  const drawn = [element("rect", { width, height, fill: PAPER }), ...children];
  const scale = (millimetres ?? width) / width;
  const size = { width: hundredths(width * scale), height: hundredths(height * scale) };
  const unit = millimetres === undefined ? "" : "mm";
  return `${element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      width: size.width + unit,
      height: size.height + unit,
      viewBox: `0 0 ${size.width} ${size.height}`,
      role: "img",
      lang: about.language,
      "font-family": FONTS,
    },
    [
      element("title", {}, [escaped(about.title)]),
      element("desc", {}, [escaped(about.description)]),
      ...(millimetres === undefined ? drawn : [element("g", { transform: `scale(${scale.toFixed(6)})` }, drawn)]),
    ],
  )}\n`;
}
