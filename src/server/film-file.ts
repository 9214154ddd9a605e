import { meanEntropy } from "../studio/entropy.ts";
import { jmk1 } from "../studio/jmk1.ts";
import type { FilmHeader } from "../studio/training-wire.ts";
import { sharesOf } from "../studio/u8-sqrt.ts";
import type { Film } from "../training/film.ts";

/** One sentence of a film as a JMK1 file. */
export function filmFile({ sentences, frames }: Film, number: number): Uint8Array<ArrayBuffer> {
  const { kind, layers, heads, rows, columns } = sentences[number];
  const weights = frames.map((frame) => frame.weights[number]);
  const cells = rows.toks.length * columns.toks.length;
  const all = new Uint8Array(weights.length * layers * heads * cells);
  for (const [frame, bytes] of weights.entries()) all.set(bytes, frame * bytes.length);
  const [rowTok, colTok] = kind === "enc" ? (["src", "src"] as const) : (["tgt", "src"] as const);
  const header: FilmHeader = {
    kind,
    layers: frames.length,
    heads: layers * heads,
    rows: rows.toks.length,
    cols: columns.toks.length,
    rowTok,
    colTok,
    dtype: "u8sqrt",
    causal: false,
    toks: { [rowTok]: rows.toks, [colTok]: columns.toks },
    words: { [rowTok]: rows.words, [colTok]: columns.words },
    entropy: Array.from({ length: frames.length * layers * heads }, (_, map) =>
      meanEntropy(sharesOf(all.subarray(map * cells, (map + 1) * cells)), rows.toks.length),
    ),
    steps: frames.map(({ step }) => step),
    of: { layers, heads },
  };
  return jmk1(header, all);
}
