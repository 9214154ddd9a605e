import * as fc from "fast-check";
import type { AttentionKind, AttentionMap, ExplainedText, Sentence } from "../../src/explain/attention-map.ts";

/** A sentence of words of so many tokens. */
export function sentence(sizes: readonly number[]): Sentence {
  return {
    tokens: sizes.flatMap((size, word) =>
      Array.from({ length: size }, (_, i) => ({
        piece: `▁w${word}.${i}`,
        text: `w${word}.${i}`,
        word,
        special: false,
      })),
    ),
    words: sizes.map((_, word) => `w${word}`),
  };
}

const sizes = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 5 });

/** A map of softmax rows, hidden as the kind hides. */
export function mapOf(
  kind: AttentionKind,
  layer: number,
  heads: number,
  queries: Sentence,
  keys: Sentence,
  seed: number,
) {
  const [rows, columns] = [queries.tokens.length, keys.tokens.length];
  const weights = new Float32Array(heads * rows * columns);
  let state = seed;
  for (let row = 0; row < heads * rows; row++) {
    const cells = weights.subarray(row * columns, (row + 1) * columns);
    const seen = kind === "decoder" ? (row % rows) + 1 : columns;
    for (let i = 0; i < seen; i++) {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      cells[i] = 0.01 + (state >>> 16) / 65536;
    }
    const sum = cells.reduce((a, b) => a + b, 0);
    for (let i = 0; i < seen; i++) cells[i] /= sum;
  }
  return { kind, layer, heads, queries, keys, weights } satisfies AttentionMap;
}

/** A Transformer's explained text with random weights. */
export const explainedTexts: fc.Arbitrary<ExplainedText> = fc
  .record({
    source: sizes,
    target: sizes,
    heads: fc.integer({ min: 1, max: 3 }),
    layers: fc.integer({ min: 1, max: 3 }),
    seed: fc.nat(),
  })
  .map(({ source, target, heads, layers, seed }) => {
    const [from, to] = [sentence(source), sentence(target)];
    const each = (make: (layer: number) => AttentionMap) => Array.from({ length: layers }, (_, layer) => make(layer));
    return {
      text: "text",
      source: from,
      target: { text: "target", given: false },
      cut: 0,
      maps: [
        ...each((layer) => mapOf("encoder", layer, heads, from, from, seed + layer)),
        ...each((layer) => mapOf("decoder", layer, heads, to, to, seed + 10 + layer)),
        ...each((layer) => mapOf("cross", layer, heads, to, from, seed + 20 + layer)),
      ],
    };
  });
