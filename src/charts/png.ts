import type { ResvgRenderOptions } from "@resvg/resvg-js";
import { FONTS } from "./palette.ts";
import { element, escaped } from "./svg.ts";

/** A picture of points. */
export interface Png {
  readonly bytes: Uint8Array;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  /** Letters that no font of this machine has, each once: in the picture there are boxes or gaps in their place. */
  readonly missing: readonly string[];
}

/** No picture can be made on this machine; the message says what to do. */
export class PngError extends Error {
  override readonly name = "PngError";
}

/**
 * Draws a chart or a figure of attention as PNG, with the fonts of this machine.
 *
 * @param svg as `lineChart` and `attentionFigure` write it
 * @param scale pixels of the picture for one of the SVG. Default: 2
 * @throws {PngError} where there is no renderer for this system
 */
export async function svgToPng(svg: string, { scale = 2 }: { scale?: number } = {}): Promise<Png> {
  const render = await renderer();
  const image = await render(plain(svg), { fitTo: { mode: "zoom", value: scale }, font: { loadSystemFonts: true } });
  return {
    bytes: image.asPng(),
    width: image.width,
    height: image.height,
    missing: await missingLetters(lettersOf(svg), render),
  };
}

/**
 * An SVG as the renderer understands it: it finds no quoted font name after a blank, and knows no weight between
 * hundreds.
 */
function plain(svg: string): string {
  return svg
    .replace(/ font-family="[^"]*"/g, (family) => family.replaceAll(", ", ","))
    .replace(/ font-weight="(\d+)"/g, (_, weight) => ` font-weight="${100 * Math.round(Number(weight) / 100)}"`);
}

type Render = typeof import("@resvg/resvg-js").renderAsync;

async function renderer(): Promise<Render> {
  try {
    return (await import("@resvg/resvg-js")).renderAsync;
  } catch (error) {
    const system = typeof process === "undefined" ? "a browser" : `${process.platform} ${process.arch}`;
    throw new PngError(`PNG: @resvg/resvg-js has no renderer for ${system}; write an SVG instead`, { cause: error });
  }
}

const ENTITIES: Readonly<Record<string, string>> = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"' };

/** The visible letters in the texts of an SVG, each once. */
function lettersOf(svg: string): string[] {
  const texts = Array.from(svg.matchAll(/>([^<]*)<\/text>/g), ([, text]) =>
    text.replace(/&\w+;/g, (entity) => ENTITIES[entity] ?? entity),
  );
  return [...new Set(texts.join(""))].filter((letter) => /[\p{L}\p{N}\p{P}\p{S}]/u.test(letter));
}

const CELL = 24;
/** A code point that is never a letter. */
const NO_LETTER = "\u{10fffd}";

/** The letters that come out as one that does not exist: as a box, or as nothing. */
async function missingLetters(letters: readonly string[], render: Render): Promise<string[]> {
  const texts = [NO_LETTER, ...letters].map((letter, i) =>
    element("text", { x: 4, y: i * CELL + 18, "font-size": 16 }, [escaped(letter)]),
  );
  const height = texts.length * CELL;
  const options: ResvgRenderOptions = { font: { loadSystemFonts: true } };
  const svg = element("svg", { xmlns: "http://www.w3.org/2000/svg", width: CELL, height, "font-family": FONTS }, texts);
  const { pixels } = await render(plain(svg), options);
  const size = 4 * CELL * CELL;
  const drawn = (i: number) => pixels.subarray(i * size, (i + 1) * size);
  const none = drawn(0);
  return letters.filter((_, i) => {
    const letter = drawn(i + 1);
    return letter.every((value) => value === 0) || letter.every((value, at) => value === none[at]);
  });
}
