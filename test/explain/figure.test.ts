import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attentionFigure } from "../../src/explain/attention-figure.ts";
import { attentionData } from "../../src/explain/attention-json.ts";
import type { ExplainedText, Sentence } from "../../src/explain/attention-map.ts";
import { attentionPage } from "../../src/explain/attention-page.ts";
import { attentionText } from "../../src/explain/attention-text.ts";
import type { HeadChoice } from "../../src/explain/attention-view.ts";
import { headColour } from "../../src/explain/head-colours.ts";
import { explainedFrom, type PageData, pageData } from "../../src/explain/page-data.ts";
import { WeightScale } from "../../src/explain/ramp.ts";
import { all, type Drawn, parsed } from "../charts/drawn.ts";
import { explainedTexts, mapOf, sentence } from "./random-maps.ts";

const HOSTILE = `</script><script>alert("&")</script><!--`;

function named(...texts: string[]): Sentence {
  return { tokens: texts.map((text, word) => ({ piece: `▁${text}`, text, word, special: false })), words: texts };
}

function explained(source: Sentence, target = named("좋아요", "<end>")): ExplainedText {
  return {
    text: source.words.join(" "),
    source,
    target: { text: "좋아요", given: true },
    cut: 0,
    maps: [
      mapOf("encoder", 0, 2, source, source, 1),
      mapOf("decoder", 0, 2, target, target, 2),
      mapOf("cross", 0, 2, target, source, 3),
      mapOf("cross", 1, 2, target, source, 4),
    ],
  };
}

const small = explained(named("영화", "볼까"));
const texts = (drawn: Drawn) => all(drawn, "text").map(({ text }) => text);
const told = (drawn: Drawn) => all(drawn, "rect").flatMap((rect) => all(rect, "title").map(({ text }) => text));

describe("attentionFigure", () => {
  it("draws a cell for each weight, which tells its words and the weight", () => {
    const drawn = parsed(attentionFigure(small, { layer: 0, head: 1 }));
    const { weights } = small.maps[2];
    const percent = (i: number) => `${(100 * weights[4 + i]).toFixed(1)}%`;
    expect(told(drawn)).toEqual([
      `좋아요 → 영화: ${percent(0)}`,
      `좋아요 → 볼까: ${percent(1)}`,
      `<end> → 영화: ${percent(2)}`,
      `<end> → 볼까: ${percent(3)}`,
    ]);
    expect(texts(drawn)).toEqual(expect.arrayContaining(["영화", "볼까", "좋아요", "<end>", "word being written"]));
    expect(texts(drawn)).toContain("Cross-attention · layer 1 · head 2");
    const named = parsed(attentionFigure(small, { layer: 0, head: 1, named: { layer: 4, head: "mean", of: 3 } }));
    expect(texts(named)).toContain("Cross-attention · layer 5 · mean of 3 heads");
  });

  it("is as wide on paper as it is told", () => {
    const inPixels = parsed(attentionFigure(small, { language: "ko" }));
    const onPaper = parsed(attentionFigure(small, { language: "ko", millimetres: 84 }));
    const [, , width, height] = onPaper.attributes.viewBox.split(" ").map(Number);
    expect(onPaper.attributes).toMatchObject({ width: "84mm", height: `${height}mm`, lang: "ko" });
    expect(width).toBe(84);
    expect(height / width).toBeCloseTo(Number(inPixels.attributes.height) / Number(inPixels.attributes.width), 3);
    expect(texts(onPaper)).toEqual(texts(inPixels));
  });

  it("gives the largest weight of every row the strongest colour when rows are fitted, and says so", () => {
    const drawn = parsed(attentionFigure(small, { layer: 0, head: 0, fitRows: true }));
    const cells = all(drawn, "rect").filter((rect) => all(rect, "title").length > 0);
    const { weights } = small.maps[2];
    const strongest = WeightScale.of(small.maps[2]).colour(1);
    const largest = cells.map(({ attributes }) => attributes.fill === strongest);
    expect(largest).toEqual([0, 1, 2, 3].map((i) => weights[i] >= weights[i ^ 1]));
    expect(texts(drawn)).toContain("100% = the largest in its row");
  });

  it("draws lines as wide as their weights: ribbons of one row that make 100 % together, thin grey ones of the others", () => {
    const [, , { weights }] = small.maps;
    const kept = [...weights.slice(4, 8)];
    const lines = (row?: number) => {
      const drawn = parsed(
        attentionFigure(small, { kind: "cross", layer: 0, head: 1, lines: { heads: [{ kept, name: "" }], row } }),
      );
      return { drawn, widths: all(drawn, "path").map(({ attributes }) => Number(attributes["stroke-width"])) };
    };
    const { drawn, widths } = lines(1);
    expect(widths).toHaveLength(4);
    const thin = widths.slice(0, 2).map((width) => width / 7);
    for (const [i, width] of thin.entries()) expect(width).toBeCloseTo(kept[i], 2);
    expect(widths[2] + widths[3]).toBeCloseTo(30, 1);
    expect(widths[2] / 30).toBeCloseTo(kept[2], 3);
    expect(texts(drawn)).toEqual(expect.arrayContaining(["영화", "볼까", "word being written", "word looked at"]));
    expect(Math.max(...lines().widths)).toBeLessThanOrEqual(7);
    kept[2] = 0;
    expect(lines(1).widths).toHaveLength(3);
  });

  it("draws lines of several heads in a colour each, with their names in place of the scale", () => {
    const [, , { weights }] = small.maps;
    const heads = [
      { kept: [...weights.slice(0, 4)], name: "layer 1, head 1" },
      { kept: [...weights.slice(4, 8)], name: "layer 1, head 2" },
    ];
    const drawn = parsed(attentionFigure(small, { kind: "cross", layer: 0, head: 0, lines: { heads, row: 0 } }));
    const ribbons = all(drawn, "path").slice(-4);
    const colours = ribbons.map(({ attributes }) => attributes.stroke);
    expect(colours).toEqual([0, 0, 1, 1].map((head) => headColour(head, "light")));
    const widths = ribbons.map(({ attributes }) => Number(attributes["stroke-width"]));
    expect(widths[0] + widths[1]).toBeCloseTo(15, 1);
    expect(widths[2] + widths[3]).toBeCloseTo(15, 1);
    expect(texts(drawn)).toEqual(expect.arrayContaining(["Cross-attention", "layer 1, head 1", "layer 1, head 2"]));
    expect(texts(drawn)).not.toContain("100%");
  });

  it("covers padding with dots, in words too", () => {
    const source = named("영화", "볼까");
    const tokens = [...source.tokens, { piece: "<pad>", text: "<pad>", word: 2, special: true, padding: true }];
    const padded = { tokens, words: [...source.words, "<pad>"] };
    const map = mapOf("encoder", 0, 1, padded, padded, 9);
    for (const words of [false, true]) {
      const drawn = parsed(attentionFigure({ text: "", source: padded, cut: 0, maps: [map] }, { words }));
      expect(told(drawn)).toHaveLength(3 * 2);
      expect(texts(drawn)).toContain("padding mask");
      expect(texts(drawn)).not.toContain("look-ahead mask");
    }
  });

  it("draws every layer and head side by side", () => {
    const drawn = parsed(attentionFigure(small, { layer: "all", head: "all", language: "ko" }));
    const headings = ["1층 · 1번 헤드", "1층 · 2번 헤드", "2층 · 1번 헤드", "2층 · 2번 헤드"];
    expect(texts(drawn).filter((text) => text.includes("번 헤드"))).toEqual(headings);
    expect(told(drawn)).toHaveLength(4 * 4);
  });

  it("draws what the mask hides as a pattern, not as a weight", () => {
    const drawn = parsed(attentionFigure(small, { kind: "decoder" }));
    expect(told(drawn)).toHaveLength(3);
    expect(texts(drawn)).toContain("look-ahead mask");
    expect(texts(parsed(attentionFigure(small)))).not.toContain("look-ahead mask");
  });

  it("is well-formed, whatever the text and the choice, and needs nothing from elsewhere", () => {
    const choice = fc.record({
      kind: fc.constantFrom("encoder", "decoder", "cross"),
      layer: fc.constantFrom("all" as const, 0),
      head: fc.constantFrom<HeadChoice | "all">("all", "mean", "max", "rollout", 0),
      words: fc.boolean(),
      language: fc.constantFrom("en", "ko"),
    } as const);
    fc.assert(
      fc.property(explainedTexts, choice, fc.string(), (random, options, text) => {
        const svg = attentionFigure({ ...random, text: text + HOSTILE }, options);
        const drawn = parsed(svg);
        expect(svg).not.toMatch(/href|url\(|<script|<style|NaN|Infinity|undefined/);
        const { width, height } = drawn.attributes;
        for (const { attributes } of all(drawn, "rect")) {
          expect(Number(attributes.x ?? 0) + Number(attributes.width)).toBeLessThanOrEqual(Number(width));
          expect(Number(attributes.y ?? 0) + Number(attributes.height)).toBeLessThanOrEqual(Number(height));
        }
      }),
      { numRuns: 60 },
    );
  });

  it("shows one look over a text as the text", () => {
    const source = sentence(Array.from({ length: 60 }, () => 1));
    const look = { text: "text", source, label: { name: "좋다", probability: 0.75 }, cut: 3 };
    const drawn = parsed(attentionFigure({ ...look, maps: [mapOf("pooling", 0, 1, named("좋다"), source, 1)] }));
    expect(told(drawn)).toHaveLength(60);
    expect(texts(drawn)).toContain("text → 좋다 75.0% (3 tokens were not read)");
  });

  it("refuses more tokens than a picture can show", () => {
    const long = explained(sentence(Array.from({ length: 300 }, () => 1)));
    expect(() => attentionFigure(long)).toThrow(/at most 256 tokens on an axis; here are 300/);
  });
});

describe("WeightScale", () => {
  const scaleOf = (kind: "cross" | "pooling", columns: number, seed = 1) =>
    WeightScale.of(mapOf(kind, 0, 1, named("a"), sentence(Array.from({ length: columns }, () => 1)), seed));

  it("goes from nothing to everything, so that maps can be compared", () => {
    for (const columns of [3, 20, 21, 60]) {
      const scale = scaleOf("cross", columns);
      expect([scale.top, scale.root]).toEqual([1, columns > 20]);
      expect([scale.colour(0), scale.colour(1)]).toEqual(["#eff8f8", "#0f274a"]);
      for (const weight of scale.ticks) expect(scale.weightAt(scale.place(weight))).toBeCloseTo(weight, 12);
    }
  });

  it("of one look over a long text leaves even attention pale", () => {
    const scale = scaleOf("pooling", 100);
    expect(scale.top).toBe(0.05);
    expect(scale.place(0.01)).toBeCloseTo(0.2, 12);
  });
});

describe("attentionData", () => {
  it("is every weight with its shape, layers counted from 1", () => {
    const { maps, ...rest } = JSON.parse(JSON.stringify(attentionData(small)));
    expect(rest).toEqual({ text: "영화 볼까", source: small.source, target: small.target, cut: 0 });
    expect(maps.map(({ kind, layer, shape }: Record<string, unknown>) => [kind, layer, shape])).toEqual([
      ["encoder", 1, [2, 2, 2]],
      ["decoder", 1, [2, 2, 2]],
      ["cross", 1, [2, 2, 2]],
      ["cross", 2, [2, 2, 2]],
    ]);
    maps[3].weights.forEach((weight: number, i: number) => {
      expect(weight).toBeCloseTo(small.maps[3].weights[i], 6);
    });
  });

  it("is what was chosen", () => {
    const { maps } = attentionData(small, { layer: 0, head: "all" });
    expect(maps.map(({ layer, head, shape }) => [layer, head, shape])).toEqual([
      [1, 1, [2, 2]],
      [1, 2, [2, 2]],
    ]);
  });
});

describe("attentionPage", () => {
  const dataIn = (page: string): PageData =>
    JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page)![1]);

  it("holds all attention, and the page makes the same of it", () => {
    fc.assert(
      fc.property(explainedTexts, (random) => {
        const back = explainedFrom(dataIn(attentionPage(random, { layer: 0 })));
        expect({ ...back, maps: [] }).toEqual({ ...random, maps: [] });
        back.maps.forEach((map, i) => {
          const { weights, ...rest } = random.maps[i];
          expect({ ...map, weights }).toEqual({ ...rest, weights });
          map.weights.forEach((weight, j) => {
            expect(weight).toBeCloseTo(weights[j], 3);
          });
        });
      }),
      { numRuns: 20 },
    );
  });

  it("has each sentence once", () => {
    expect(pageData(small, {}).sentences).toHaveLength(2);
  });

  it("cannot be broken out of by a text, and loads nothing", () => {
    const page = attentionPage({ ...explained(named(HOSTILE, "볼까")), text: HOSTILE });
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page.match(/<\/script/g)).toHaveLength(2);
    expect(page).not.toContain("<!--");
    expect(page).not.toContain('alert("');
    expect(page).not.toMatch(/src=|<link|https?:|@import|url\(/);
    expect(page).toContain("Content-Security-Policy");
    expect(dataIn(page).text).toBe(HOSTILE);
  });

  it("refuses to begin with what is not there", () => {
    expect(() => attentionPage(small, { layer: 7 })).toThrow("there is no layer 8");
  });
});

describe("attentionText", () => {
  it("is a shaded grid a view", () => {
    const lines = attentionText(small, { kind: "decoder", head: "all" }).split("\n");
    expect(lines[0]).toBe("영화 볼까 → 좋아요 (target given)");
    expect(lines.filter((line) => line.startsWith("Decoder"))).toEqual([
      "Decoder self-attention · layer 1 · head 1",
      "Decoder self-attention · layer 1 · head 2",
    ]);
    expect(lines[3]).toBe("       좋아요 <end>");
    expect(lines[4]).toBe("좋아요 ██████      ");
  });
});
