import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import opentype from "opentype.js";
import subsetFont from "subset-font";

const root = fileURLToPath(new URL("..", import.meta.url));
const family = dirname(fileURLToPath(import.meta.resolve("@fontsource-variable/noto-sans-kr/package.json")));
const WEIGHTS = { wght: { min: 400, max: 700 } };

/**
 * The typeface of the studio as files and style sheets: `ui` has the letters that the page itself is written with, few
 * enough to be loaded at once; `rest` has all others, in slices that a browser fetches when a text needs them.
 */
export async function studioFonts() {
  const letters = lettersOfTheStudio();
  const slices = slicesOfTheFamily();
  const files = new Map();
  const keep = (name, bytes) => {
    const path = `fonts/${name}-${createHash("sha256").update(bytes).digest("hex").slice(0, 8)}.woff2`;
    files.set(path, bytes);
    return path;
  };

  const ui = [];
  for (const { name, bytes, has } of slices) {
    const some = await drawn(
      bytes,
      [...letters].filter((letter) => has(letter.codePointAt(0))),
    );
    if (some.length === 0) continue;
    for (const letter of some) letters.delete(letter);
    const subset = await subsetFont(bytes, some.join(""), { targetFormat: "woff2", variationAxes: WEIGHTS });
    const ranges = some.map((letter) => `U+${letter.codePointAt(0).toString(16)}`).join(",");
    ui.push(face("jumok UI", "400 700", keep(`ui-${name}`, subset), ranges));
  }
  const rest = slices.map(({ name, bytes, ranges }) =>
    face("Noto Sans KR Variable", "100 900", keep(`kr-${name}`, bytes), ranges),
  );
  return {
    files,
    css: [...rest, ...ui].join("\n"),
    ui: [...files.keys()].filter((path) => path.startsWith("fonts/ui-")),
  };
}

/** Those of some letters that a slice has, which are not all in its range. A file without any is none to a browser. */
async function drawn(slice, letters) {
  if (letters.length === 0) return [];
  const { buffer, byteOffset, length } = await subsetFont(slice, letters.join(""), { targetFormat: "truetype" });
  try {
    const font = opentype.parse(buffer.slice(byteOffset, byteOffset + length));
    return letters.filter((letter) => font.charToGlyphIndex(letter) > 0);
  } catch {
    return []; // A font of no letter has no table of letters.
  }
}

function face(name, weights, path, ranges) {
  return (
    `@font-face{font-family:"${name}";font-style:normal;font-display:swap;font-weight:${weights};` +
    `src:url(${path}) format("woff2");unicode-range:${ranges}}`
  );
}

/** Every letter of the locales, and those that numbers, commands and names are made of. */
function lettersOfTheStudio() {
  const letters = new Set("…–—−×÷·→←↑↓√∑αβ‘’“”•°±≤≥");
  for (let code = 0x20; code < 0x7f; code++) letters.add(String.fromCodePoint(code));
  const folder = join(root, "studio/locales");
  for (const entry of readdirSync(folder, { recursive: true })) {
    if (!entry.endsWith(".json")) continue;
    for (const letter of readFileSync(join(folder, entry), "utf8")) if (letter >= " ") letters.add(letter);
  }
  return letters;
}

/** The files that the family is cut into, the Latin one first. */
function slicesOfTheFamily() {
  const unicode = JSON.parse(readFileSync(join(family, "unicode.json"), "utf8"));
  return Object.entries(unicode)
    .map(([key, ranges]) => {
      const name = key.replace(/[[\]]/g, "");
      const bytes = readFileSync(join(family, `files/noto-sans-kr-${name}-wght-normal.woff2`));
      const spans = ranges.split(",").map((range) =>
        range
          .slice(2)
          .split("-")
          .map((hex) => Number.parseInt(hex, 16)),
      );
      return {
        name,
        bytes,
        ranges,
        has: (code) => spans.some(([first, last = first]) => code >= first && code <= last),
      };
    })
    .sort((a, b) => Number(b.name === "latin") - Number(a.name === "latin"));
}
