import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AttentionMap } from "../../src/explain/attention-map.ts";
import { attentionViews } from "../../src/explain/attention-view.ts";
import { mergeWords } from "../../src/explain/merge-words.ts";
import { rollout } from "../../src/explain/rollout.ts";
import { explainedTexts, mapOf, sentence } from "./random-maps.ts";

const KINDS = ["encoder", "decoder", "cross"] as const;

function rows({ weights, keys }: Pick<AttentionMap, "weights" | "keys">): number[][] {
  const columns = keys.tokens.length;
  return Array.from({ length: weights.length / columns }, (_, row) => [
    ...weights.slice(row * columns, (row + 1) * columns),
  ]);
}

const sum = (cells: readonly number[]) => cells.reduce((a, b) => a + b, 0);

describe("views of attention", () => {
  it("have rows that sum to one, whatever is made of the heads, in tokens and in words", () => {
    fc.assert(
      fc.property(explainedTexts, fc.constantFrom(...KINDS), fc.boolean(), (explained, kind, words) => {
        for (const head of ["all", "mean", "rollout"] as const) {
          for (const view of attentionViews(explained, { kind, words, head, layer: "all" })) {
            expect(view.queries.tokens.length * view.keys.tokens.length).toBe(view.weights.length);
            for (const row of rows(view)) expect(sum(row)).toBeCloseTo(1, 5);
          }
        }
      }),
    );
  });

  it("never let the decoder look ahead, in words neither", () => {
    fc.assert(
      fc.property(explainedTexts, fc.boolean(), (explained, words) => {
        for (const head of ["all", "mean", "max", "rollout"] as const) {
          for (const view of attentionViews(explained, { kind: "decoder", words, head, layer: "all" })) {
            rows(view).forEach((row, query) => {
              expect(row.slice(query + 1).every((weight) => weight === 0)).toBe(true);
            });
          }
        }
      }),
    );
  });

  it("have the largest weight of any head, and the mean between", () => {
    fc.assert(
      fc.property(explainedTexts, fc.constantFrom(...KINDS), fc.boolean(), (explained, kind, words) => {
        const choice = { kind, words, layer: 0 };
        const heads = attentionViews(explained, { ...choice, head: "all" });
        const [largest] = attentionViews(explained, { ...choice, head: "max" });
        const [mean] = attentionViews(explained, { ...choice, head: "mean" });
        largest.weights.forEach((weight, i) => {
          const all = heads.map(({ weights }) => weights[i]);
          expect(weight).toBe(Math.max(...all));
          expect(mean.weights[i]).toBeCloseTo(sum(all) / all.length, 6);
        });
      }),
    );
  });

  it("are the last layer of cross-attention, the mean of its heads, by default", () => {
    const [source, target] = [sentence([1, 2]), sentence([1])];
    const maps = [0, 1].map((layer) => mapOf("cross", layer, 2, target, source, layer + 1));
    const explained = { text: "", source, cut: 0, maps: [mapOf("encoder", 0, 2, source, source, 5), ...maps] };
    expect(attentionViews(explained)).toEqual(attentionViews(explained, { kind: "cross", layer: 1, head: "mean" }));
    expect(attentionViews(explained, { layer: "all", head: "all" }).map(({ layer, head }) => [layer, head])).toEqual([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]);
  });

  it("say what there is instead", () => {
    const source = sentence([1]);
    const explained = { text: "", source, cut: 0, maps: [mapOf("encoder", 0, 2, source, source, 1)] };
    const asked = (choice: Parameters<typeof attentionViews>[1]) => () => attentionViews(explained, choice);
    expect(asked({ kind: "cross" })).toThrow("no cross-attention; it has encoder self-attention (encoder)");
    expect(asked({ layer: 4 })).toThrow("there is no layer 5: encoder self-attention has 1 layer");
    expect(asked({ head: 2 })).toThrow("there is no head 3: encoder self-attention has 2 heads a layer");
    const look = { ...explained, maps: [mapOf("pooling", 0, 1, sentence([1]), source, 1)] };
    expect(() => attentionViews(look, { head: "rollout" })).toThrow(/rollout .* pooling is a single look/);
  });
});

describe("mergeWords", () => {
  it("changes nothing where every token is a word", () => {
    const [queries, keys] = [sentence([1, 1]), sentence([1, 1, 1])];
    const map = mapOf("cross", 0, 2, queries, keys, 3);
    expect(mergeWords(map).weights).toEqual(map.weights);
  });

  it("adds over the tokens looked at and averages over the tokens that ask", () => {
    const map: AttentionMap = {
      ...mapOf("cross", 0, 1, sentence([2]), sentence([2, 1]), 1),
      weights: Float32Array.of(0.5, 0.25, 0.25, 0, 0.25, 0.75),
    };
    const merged = mergeWords(map);
    expect([...merged.weights]).toEqual([0.5, 0.5]);
    expect(merged.keys.tokens.map(({ text }) => text)).toEqual(["w0", "w1"]);
    expect(mergeWords(merged)).toEqual(merged);
  });
});

describe("rollout", () => {
  const tokens = sentence([1, 1]);
  const map = (layer: number, ...weights: number[]): AttentionMap => ({
    ...mapOf("encoder", layer, 1, tokens, tokens, 1),
    weights: Float32Array.from(weights),
  });
  const maps = [map(0, 0, 1, 1, 0), map(1, 0.5, 0.5, 0, 1)];

  it("is half of the attention and half of what passes by", () => {
    expect([...rollout(maps, { kind: "encoder", layer: 0 })]).toEqual([0.5, 0.5, 0.5, 0.5]);
  });

  it("multiplies the layers, the last on the left", () => {
    // ½(A₁ + I) = [.75 .25; 0 1], ½(A₀ + I) = [.5 .5; .5 .5]
    expect([...rollout(maps, { kind: "encoder", layer: 1 })]).toEqual([0.5, 0.5, 0.5, 0.5]);
    const other = [map(0, 0, 1, 0, 1), maps[1]];
    // [.75 .25; 0 1] · [.5 .5; 0 1]
    expect([...rollout(other, { kind: "encoder", layer: 1 })]).toEqual([0.375, 0.625, 0, 1]);
  });

  it("of cross-attention is its mean times the rollout of the whole encoder", () => {
    const cross: AttentionMap = {
      ...mapOf("cross", 0, 2, sentence([1]), tokens, 1),
      weights: Float32Array.of(1, 0, 0, 1),
    };
    const encoder = [map(0, 0, 1, 0, 1)];
    // [.5 .5] · [.5 .5; 0 1]
    expect([...rollout([...encoder, cross], { kind: "cross", layer: 0 })]).toEqual([0.25, 0.75]);
  });
});
