import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textParts } from "../../src/decoding/text-parts.ts";
import { Tokenizer } from "../../src/text/tokenizer.ts";

/** A model to which every word is a token. */
const words = (maxTokens: number) => ({
  maxTokens,
  countTokens: (text: string) => text.match(/\S+/gu)?.length ?? 0,
});
/** A model to which every code point but blanks is a token. */
const letters = (maxTokens: number) => ({
  maxTokens,
  countTokens: (text: string) => Array.from(text.replace(/\s/gu, "")).length,
});

describe("textParts", () => {
  it("leaves a text that is short enough as it is", () => {
    expect(textParts(" one.  two three\t", words(3))).toEqual([" one.  two three\t"]);
    expect(textParts("", words(3))).toEqual([]);
    expect(textParts(" \u2003\t", words(3))).toEqual([]);
  });

  it.each([
    ["One two. Three four? Five!", ["One two.", "Three four?", "Five!"]],
    [
      "He said “go on.” Then (at last.) it rained… 그래. 가자!",
      ["He said “go on.”", "Then (at last.) it rained…", "그래.", "가자!"],
    ],
    ["It cost 3.50 in the U.S. or so. Really.", ["It cost 3.50 in the U.S. or so.", "Really."]],
    ["你好。「再见！」今天 天气 很好。", ["你好。", "「再见！」", "今天 天气 很好。"]],
  ])("cuts %j at the ends of sentences", (text, parts) => {
    expect(textParts(text, { ...words(10), countTokens: (part) => (part === text ? 11 : 1) })).toEqual(parts);
  });

  it("cuts a sentence that is too long at blanks, into parts about as long as one another", () => {
    expect(textParts("a b c d e f g", words(6))).toEqual(["a b c d", "e f g"]);
    expect(textParts("a b c d e f g h i. J k", words(4))).toEqual(["a b c", "d e f", "g h i.", "J k"]);
  });

  it("cuts a word that is too long, but no character as people see it", () => {
    expect(textParts("abcdefgh i", letters(4))).toEqual(["abc", "def", "gh", "i"]);
    const family = "👨‍👩‍👧";
    expect(textParts(`${family}${family}${family}`, letters(6))).toEqual([family, family, family]);
    expect(textParts("e\u0301".repeat(4), letters(5))).toEqual(["e\u0301e\u0301", "e\u0301e\u0301"]);
  });

  it("cuts a character that is too long in its code points, and leaves out one that cannot be read at all", () => {
    const marks = "\u0301";
    expect(textParts(`e${marks.repeat(7)}`, letters(4))).toEqual([
      `e${marks}${marks}`,
      marks.repeat(3),
      marks.repeat(2),
    ]);
    const bytes = { maxTokens: 2, countTokens: (text: string) => Buffer.byteLength(text) };
    expect(textParts("ab가c", bytes)).toEqual(["a", "b", "c"]);
  });

  it("makes parts that fit, also where a whole has more tokens than its words", () => {
    const glued = { maxTokens: 5, countTokens: (text: string) => text.length };
    const parts = textParts("ab cd ef gh", glued);
    expect(parts).toEqual(["ab cd", "ef gh"]);
  });

  it("fills parts of a word as well as it can", () => {
    const marked = (perCharacter: number) => ({
      maxTokens: 38,
      countTokens: (text: string) => (text === "" ? 0 : 1 + perCharacter * text.length),
    });
    expect(textParts("x".repeat(3700), marked(1))).toHaveLength(100);
    expect(textParts("가".repeat(3700), marked(3)).length).toBeLessThan(1.35 * ((3 * 3700) / 37));
  });

  it("loses nothing but blanks, and every part fits", () => {
    const piece = fc.constantFrom(
      "가나",
      "hello",
      "3.5",
      "U.S.",
      "끝.",
      "」",
      "。",
      "?",
      "👨‍👩‍👧",
      "e\u0301",
      "x".repeat(30),
      " ",
      "  ",
      "\n",
    );
    const tokenizer = Tokenizer.train(["가나 hello 끝"], { vocabularySize: 300, minimumFrequency: 1 });
    for (const limit of [letters(7), { maxTokens: 12, countTokens: (text: string) => tokenizer.encode(text).length }]) {
      fc.assert(
        fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
          const parts = textParts(pieces.join(""), limit);
          expect(parts.join("").replace(/\s/gu, "")).toBe(pieces.join("").replace(/\s/gu, ""));
          for (const part of parts) {
            expect(limit.countTokens(part)).toBeGreaterThan(0);
            expect(limit.countTokens(part)).toBeLessThanOrEqual(limit.maxTokens);
          }
        }),
        { numRuns: 200 },
      );
    }
  });

  it.each(["가나다라", "。」", ").", "e\u0301", "👨‍👩‍👧", "word. ", ".) "])(
    "takes time with the length of %j repeated",
    (unit) => {
      const parts = textParts(unit.repeat(120_000 / unit.length), letters(40));
      expect(parts.length).toBeGreaterThan(1000);
    },
    20_000,
  );
});
