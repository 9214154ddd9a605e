import { describe, expect, it } from "vitest";
import { judgementLines } from "../../src/cli/judgement-lines.ts";
import type { Style } from "../../src/cli/style.ts";
import type { AttendedWord } from "../../src/decoding/attended-words.ts";
import type { Judgement } from "../../src/decoding/judge.ts";

const STYLE: Style = {
  ...{ bold: (text) => `*${text}*`, dim: (text) => `(${text})`, mark: (text) => `[${text}]` },
  ...{ accent: String, good: String, warn: String },
};
const judgement = (changes: Partial<Judgement>): Judgement => ({
  ...{ input: "", label: "긍정", probability: 0.987, logProbabilities: Float32Array.of(-4.3, -0.013) },
  ...{ tokens: [], cut: 0 },
  ...changes,
});
const wordsOf = (text: string, weights: readonly number[]): AttendedWord[] =>
  Array.from(text.matchAll(/\S+/gu), ({ 0: word, index }, i) => ({ word, start: index, weight: weights[i] }));

describe("judgementLines", () => {
  it("marks the words with more than an even share, each at its own place, also of a word that stands there twice", () => {
    const input = "정말 좋아요 배송도  정말 빨라요";
    const lines = judgementLines(judgement({ input }), wordsOf(input, [0.05, 0.3, 0.1, 0.4, 0.15]), STYLE);
    expect(lines).toEqual(["*긍정*  98.7 %", "정말 [좋아요] 배송도  [정말] 빨라요", "(정말 40.0 %, 좋아요 30.0 %)"]);
  });

  it("marks eight words at most, and the only one", () => {
    const input = Array.from({ length: 40 }, (_, i) => `w${i}`).join(" ");
    const weights = Array.from({ length: 40 }, (_, i) => (i < 10 ? 0.05 + i / 1000 : 0.01));
    const [, marked, told] = judgementLines(judgement({ input }), wordsOf(input, weights), STYLE);
    expect(marked.match(/\[\w+\]/g)).toEqual(["[w2]", "[w3]", "[w4]", "[w5]", "[w6]", "[w7]", "[w8]", "[w9]"]);
    expect(told).toMatch(/^\(w9 5\.9 %, w8 /);
    expect(judgementLines(judgement({ input: "네" }), wordsOf("네", [1]), STYLE)[1]).toBe("[네]");
  });

  it("tells what padding got and what was not read", () => {
    const lines = judgementLines(
      judgement({ input: "좋아요", paddingAttention: 0.25, cut: 12 }),
      wordsOf("좋아요", [0.75]),
      STYLE,
    );
    expect(lines.slice(3)).toEqual([
      "(the padding before the text 25.0 %)",
      "(12 tokens were not read: the text is longer than the model takes)",
    ]);
  });

  it("has no words of a model without attention", () => {
    expect(judgementLines(judgement({ input: "좋아요" }), undefined, STYLE)).toEqual(["*긍정*  98.7 %"]);
  });
});
