import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import opentype, { type Font, type Glyph, type PathCommand } from "opentype.js";
import subsetFont from "subset-font";

/** One of the files that the family is cut into. */
interface Slice {
  readonly file: string;
  /** The code points that it has, from … to. */
  readonly spans: readonly (readonly [first: number, last: number])[];
}

/** The typeface of the studio, Noto Sans KR, whose files are read when letters of theirs are wanted. */
export class Typeface {
  readonly #slices: readonly Slice[];

  private constructor(slices: readonly Slice[]) {
    this.#slices = slices;
  }

  static async open(): Promise<Typeface> {
    const folder = dirname(fileURLToPath(import.meta.resolve("@fontsource-variable/noto-sans-kr/package.json")));
    const ranges = JSON.parse(await readFile(join(folder, "unicode.json"), "utf8")) as Record<string, string>;
    const slices = Object.entries(ranges).map(
      ([name, listed]): Slice => ({
        file: join(folder, `files/noto-sans-kr-${name.replace(/[[\]]/g, "")}-wght-normal.woff2`),
        spans: listed.split(",").map((range) => {
          const [first, last = first] = range.slice(2).split("-");
          return [Number.parseInt(first, 16), Number.parseInt(last, 16)];
        }),
      }),
    );
    return new Typeface(slices.sort((a, b) => Number(isLatin(b)) - Number(isLatin(a))));
  }

  /**
   * Letters at one weight, each as its font draws it. A letter that the family lacks is drawn as its box.
   *
   * @param weight from 100 to 900
   */
  async letters(text: string, weight: number): Promise<Letters> {
    const wanted = new Set(text);
    const fonts = new Map<string, Font>();
    for (const slice of this.#slices) {
      const some = [...wanted].filter((letter) => has(slice, letter.codePointAt(0) as number));
      const first = slice === this.#slices[0];
      if (some.length === 0 && !first) continue;
      // A font without a single letter cannot be read; the first one lends its box.
      const font = await fontOf(slice.file, some.join("") || " ", weight);
      if (first) fonts.set("", font);
      for (const letter of some) {
        wanted.delete(letter);
        fonts.set(letter, font);
      }
    }
    return new Letters(fonts);
  }
}

/** Letters of one weight, from as many fonts as have them. */
export class Letters {
  readonly #fonts: ReadonlyMap<string, Font>;

  constructor(fonts: ReadonlyMap<string, Font>) {
    this.#fonts = fonts;
  }

  /** The outline of a line of text, its baseline beginning at 0, 0, y downwards, as the path of an SVG; and its length. */
  outline(text: string, size: number): { d: string; adv: number } {
    let adv = 0;
    const paths = Array.from(text, (letter) => {
      const { glyph, unitsPerEm } = this.#glyph(letter);
      const d = glyph.getPath(adv, 0, size).commands.map(drawn).join("");
      adv += ((glyph.advanceWidth ?? 0) * size) / unitsPerEm;
      return d;
    });
    return { d: paths.join(""), adv: Number(adv.toFixed(3)) };
  }

  /** All letters as one WOFF2. */
  async woff2(): Promise<Uint8Array> {
    const base = this.#fonts.get("") as Font;
    const letters = [...this.#fonts.keys()].filter((letter) => letter !== "");
    const glyphs = letters.map((letter) => {
      const { glyph } = this.#glyph(letter);
      const unicode = letter.codePointAt(0) as number;
      return new opentype.Glyph({
        name: `u${unicode.toString(16)}`,
        unicode,
        advanceWidth: glyph.advanceWidth ?? 0,
        path: glyph.path,
      });
    });
    const blank = new opentype.Glyph({ name: ".notdef", advanceWidth: base.unitsPerEm, path: base.glyphs.get(0).path });
    const { unitsPerEm, ascender, descender } = base;
    const font = new opentype.Font({
      familyName: "Figure",
      styleName: "Regular",
      unitsPerEm,
      ascender,
      descender,
      glyphs: [blank, ...glyphs],
    });
    return subsetFont(Buffer.from(font.toArrayBuffer()), letters.join(""), { targetFormat: "woff2" });
  }

  #glyph(letter: string): { glyph: Glyph; unitsPerEm: number } {
    const font = this.#fonts.get(letter) ?? (this.#fonts.get("") as Font);
    const glyph = this.#fonts.has(letter) ? font.charToGlyph(letter) : font.glyphs.get(0);
    return { glyph, unitsPerEm: font.unitsPerEm };
  }
}

/** A command of a path to the hundredth; opentype.js itself writes `NaN` for coordinates that are nearly whole. */
function drawn(command: PathCommand): string {
  const at = (...numbers: readonly number[]) => numbers.map((number) => Number(number.toFixed(2))).join(" ");
  switch (command.type) {
    case "M":
    case "L":
      return `${command.type}${at(command.x, command.y)}`;
    case "Q":
      return `Q${at(command.x1, command.y1, command.x, command.y)}`;
    case "C":
      return `C${at(command.x1, command.y1, command.x2, command.y2, command.x, command.y)}`;
    case "Z":
      return "Z";
  }
}

/** Some letters of a file at one weight. */
async function fontOf(file: string, letters: string, weight: number): Promise<Font> {
  const options = { targetFormat: "sfnt" as const, variationAxes: { wght: weight } };
  const { buffer, byteOffset, byteLength } = await subsetFont(await readFile(file), letters, options);
  return opentype.parse((buffer as ArrayBuffer).slice(byteOffset, byteOffset + byteLength));
}

function has({ spans }: Slice, code: number): boolean {
  return spans.some(([first, last]) => code >= first && code <= last);
}

function isLatin({ file }: Slice): boolean {
  return file.includes("-latin-wght");
}
