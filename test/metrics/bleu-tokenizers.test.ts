import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bleuTokenizers } from "../../src/metrics/bleu-tokenizers.ts";

describe("13a", () => {
  it.each([
    ["marks stand alone", 'He said: "no" (twice)!', ["He", "said", ":", '"', "no", '"', "(", "twice", ")", "!"]],
    ["apostrophes stay", "it's 'fine'", ["it's", "'fine'"]],
    ["points and commas stay between digits", "3,000.50 a.b", ["3,000.50", "a", ".", "b"]],
    ["points and commas at either end", ".5 5.", [".", "5", "5", "."]],
    ["every point of three", "so...", ["so", ".", ".", "."]],
    ["hyphens stay, but after a digit", "well-known 1990-2000 -3", ["well-known", "1990", "-", "2000", "-3"]],
    ["a hyphen at the end of a line joins", "long-\nword and\nline", ["longword", "and", "line"]],
    ["a hyphen at the end of the text joins nothing", "long-\n", ["long-"]],
    ["entities, &amp; before &lt;", "&quot;a&quot; &amp; &amp;lt;", ['"', "a", '"', "&", "<"]],
    ["<skipped> is left out", "a <skipped>b", ["a", "b"]],
    ["only ASCII marks", "그래…? “네”。", ["그래…", "?", "“네”。"]],
    ["characters outside of the basic plane", "😀.5", ["😀", ".", "5"]],
    ["nothing", " \n", []],
  ])("%s", (_, text, tokens) => expect(bleuTokenizers["13a"](text)).toEqual(tokens));
});

describe("char", () => {
  it.each([
    ["code points without blanks", "가 나\t😀.", ["가", "나", "😀", "."]],
    ["jamo are not composed", "\u1100\u1161", ["\u1100", "\u1161"]],
    ["nothing", "", []],
  ])("%s", (_, text, tokens) => expect(bleuTokenizers.char(text)).toEqual(tokens));
});

describe("none", () => {
  it.each([
    ["blanks of every kind", " a\u00A0b\u3000c\td\u0085e\u001Cf\n", ["a", "b", "c", "d", "e", "f"]],
    ["the byte order mark is no blank", "a\uFEFFb", ["a\uFEFFb"]],
    ["marks stay", "it's, well.", ["it's,", "well."]],
  ])("%s", (_, text, tokens) => expect(bleuTokenizers.none(text)).toEqual(tokens));
});

it.each(Object.entries(bleuTokenizers))("%s: tokens hold no blank and are not empty", (_, tokenize) => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      for (const token of tokenize(text)) expect(token).toMatch(/^\P{White_Space}+$/u);
    }),
  );
});
