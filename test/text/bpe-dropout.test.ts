import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "../../src/random/random.ts";
import { Tokenizer } from "../../src/text/tokenizer.ts";
import { anyText, corpus } from "./corpus.ts";

describe.each(["bytes", "characters"] as const)("merges left out, unknown characters as %s", (fallback) => {
  const tokenizer = Tokenizer.train(corpus, { kind: "bpe", vocabularySize: 700, minimumFrequency: 1, fallback });
  const cut = (text: string, dropout: number, seed = 1) =>
    tokenizer.encode(text, { dropout, random: Random.of(seed, "merges") });

  test("without dropout the pieces are the usual ones", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(cut(text, 0)).toEqual(tokenizer.encode(text));
      }),
    );
  });

  test("whatever is left out, the text is the same", () => {
    fc.assert(
      fc.property(anyText, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(), (text, dropout, seed) => {
        expect(tokenizer.decode(cut(text, dropout, seed))).toBe(tokenizer.decode(tokenizer.encode(text)));
      }),
    );
  });

  test("if all are left out, the pieces are single characters", () => {
    const pieces = tokenizer.pieces(cut(corpus.join(" "), 1)).filter((piece) => !piece.startsWith("<"));
    expect(pieces.every((piece) => [...piece].length === 1)).toBe(true);
  });

  test("the chance decides how much is cut, and the seed how", () => {
    const text = corpus.join(" ");
    const lengths = [0, 0.1, 0.5, 0.9].map((dropout) => cut(text, dropout).length);
    expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
    expect(new Set(lengths).size).toBe(4);
    expect(cut(text, 0.1, 2)).toEqual(cut(text, 0.1, 2));
    expect(cut(text, 0.1, 2)).not.toEqual(cut(text, 0.1, 3));
  });
});

test("other vocabularies have no merges to leave out", () => {
  const tokenizer = Tokenizer.train(corpus, { kind: "wordpiece", vocabularySize: 600 });
  expect(() => tokenizer.encode("영화", { dropout: 0.1, random: Random.of(1, "merges") })).toThrow(
    "a WordPiece vocabulary has no merges to leave out",
  );
});
