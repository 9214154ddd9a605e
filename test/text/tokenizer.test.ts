import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normalForm, wellFormed } from "../../src/text/normal-form.ts";
import { TextStream } from "../../src/text/text-stream.ts";
import { Tokenizer } from "../../src/text/tokenizer.ts";
import { checkedOptions, type TokenizerOptions } from "../../src/text/tokenizer-options.ts";
import { anyText, corpus } from "./corpus.ts";

const kinds = ["bpe", "wordpiece"] as const;
const lossless: TokenizerOptions[] = kinds.flatMap((kind) =>
  (["isolated", "spaced"] as const).flatMap((punctuation) =>
    [{ normalization: "nfc" }, { normalization: "nfkc", lowercase: true }, { normalization: "none" }].map(
      (rules) => ({ kind, punctuation, vocabularySize: 700, minimumFrequency: 1, ...rules }) as TokenizerOptions,
    ),
  ),
);

describe.each(lossless)("$kind, $punctuation, $normalization", (options) => {
  const tokenizer = Tokenizer.train(corpus, options);
  const loaded = Tokenizer.fromJSON(JSON.parse(JSON.stringify(tokenizer)), tokenizer.config(64));

  test("nothing is lost: decoding gives the normal form of any text", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const ids = tokenizer.encode(text);
        const form = normalForm(text, checkedOptions(options));
        expect(tokenizer.decode(ids)).toBe(form);
        expect(tokenizer.normalForm(text)).toBe(form);
        expect(Math.min(4, ...ids), "no special token").toBe(4);
        expect(loaded.encode(text)).toEqual(ids);
        expect(tokenizer.encode(text), "remembered words").toEqual(ids);
        expect(tokenizer.pieces(ids)).toHaveLength(ids.length);
      }),
      { numRuns: 150 },
    );
  });

  test("a stream of ids gives the same text, never taking anything back", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const ids = tokenizer.encode(text);
        const stream = new TextStream(tokenizer);
        expect(ids.map((id) => stream.push(id)).join("") + stream.end()).toBe(tokenizer.decode(ids));
      }),
      { numRuns: 50 },
    );
  });

  test("any ids decode, those of broken UTF-8 too", () => {
    const ids = fc.array(fc.nat(tokenizer.vocabularySize - 1), { maxLength: 20 });
    fc.assert(
      fc.property(ids, (ids) => {
        const text = tokenizer.decode(ids);
        expect(text).toBe(wellFormed(text));
      }),
    );
  });
});

describe.each(kinds)("%s", (kind) => {
  const train = (options: Partial<TokenizerOptions> = {}) =>
    Tokenizer.train(corpus, { kind, vocabularySize: 600, minimumFrequency: 1, ...options });

  test("the study notes' example", () => {
    const tokenizer = train({ punctuation: "spaced", vocabularySize: 1500 });
    expect(tokenizer.pieces(tokenizer.encode("영화 볼래?"))).toEqual(["▁영화", "▁볼래", "▁?"]);
    expect(tokenizer.decode(tokenizer.encode("행복한 것 같아요 ."))).toBe("행복한 것 같아요.");
  });

  test("isolated punctuation is a piece of its own", () => {
    const tokenizer = Tokenizer.train([...corpus, ...corpus], { kind, vocabularySize: 1500 });
    expect(tokenizer.pieces(tokenizer.encode('"안녕" 볼래...'))).toEqual(['▁"', "안녕", '"', "▁볼래", ".", ".", "."]);
  });

  test("special tokens have their ids, and no text spells them", () => {
    const spelling = Array.from({ length: 50 }, () => "<pad> a<start>b <end> <unk> <0xEC>##<end>");
    for (const punctuation of ["isolated", "spaced"] as const) {
      for (const fallback of ["bytes", "characters"] as const) {
        const tokenizer = Tokenizer.train(spelling, { kind, vocabularySize: 600, punctuation, fallback });
        const { padId, startId, endId, unknownId } = tokenizer;
        expect([padId, startId, endId, unknownId]).toEqual([0, 1, 2, 3]);
        expect(tokenizer.pieces([0, 1, 2, 3])).toEqual(["<pad>", "<start>", "<end>", "<unk>"]);
        const ids = tokenizer.encode(spelling[0]);
        expect(Math.min(...ids)).toBeGreaterThan(3);
        expect(tokenizer.decode([1, ...ids, 2, 0, 0])).toBe(spelling[0]);
      }
    }
  });

  test("lone surrogates become U+FFFD", () => {
    const tokenizer = train();
    expect(tokenizer.decode(tokenizer.encode("가\uD83D나\uDE00"))).toBe("가\uFFFD나\uFFFD");
  });

  test("empty texts", () => {
    const tokenizer = train();
    expect(tokenizer.encode("")).toEqual([]);
    expect(tokenizer.encode(" \n\uFEFF ")).toEqual([]);
    expect(tokenizer.decode([])).toBe("");
    expect(tokenizer.decode([0, 1, 2, 3])).toBe("");
    expect(tokenizer.normalForm(" ")).toBe("");
  });

  test("the order of the texts does not matter", () => {
    expect(Tokenizer.train([...corpus].reverse(), { kind, vocabularySize: 600 }).toJSON()).toEqual(
      Tokenizer.train(corpus, { kind, vocabularySize: 600 }).toJSON(),
    );
  });

  test("the vocabulary has the size asked for, or less if the texts are few", () => {
    expect(train({ vocabularySize: 600 }).vocabularySize).toBe(600);
    const all = train({ vocabularySize: 100_000 });
    expect(all.vocabularySize).toBeLessThan(2000);
    expect(Object.keys(all.toJSON().model.vocab)).toHaveLength(all.vocabularySize);
    const none = Tokenizer.train([], { kind, vocabularySize: 600 });
    expect(none.vocabularySize).toBe(4 + (kind === "bpe" ? 256 : 179 + 243) + 1);
    expect(none.decode(none.encode("그래도 된다"))).toBe("그래도 된다");
  });

  test("characters as the fallback: what training never saw is <unk>", () => {
    const tokenizer = train({ fallback: "characters" });
    expect(tokenizer.decode(tokenizer.encode(corpus[0]))).toBe(corpus[0]);
    expect(tokenizer.pieces(tokenizer.encode("뷁 영화"))).toEqual([
      ...(kind === "bpe" ? ["▁", "<unk>"] : ["<unk>"]),
      "▁영화",
    ]);
  });

  test("rare characters and those past the limit are left to the fallback", () => {
    const tokenizer = train({ alphabetLimit: 3 });
    const single = Object.keys(tokenizer.toJSON().model.vocab).filter((piece) => [...piece].length === 1);
    if (kind === "bpe") expect(single).toHaveLength(3);
    expect(tokenizer.pieces(tokenizer.encode("챙"))).toEqual(["▁", "<0xEC>", "<0xB1>", "<0x99>"]);
  });

  test("a vocabulary that is too small", () => {
    const least = kind === "bpe" ? 261 : 427;
    expect(() => train({ vocabularySize: least - 1 })).toThrow(
      `train: vocabularySize ${least - 1} is too small; it must be at least ${least} (4 special tokens, ${least - 5} bytes, 1 of the alphabet)`,
    );
    expect(train({ vocabularySize: least }).vocabularySize).toBe(least);
    expect(() => train({ vocabularySize: least, alphabetLimit: 20 })).toThrow(
      new RegExp(`at least ${least + 19} .*smaller alphabetLimit`),
    );
  });
});

test("a word longer than WordPiece looks at in one go comes back whole", () => {
  const tokenizer = Tokenizer.train(corpus, { kind: "wordpiece", vocabularySize: 600, punctuation: "spaced" });
  for (let length = 1; length < 60; length++) {
    const text = `${"하".repeat(length)}##하<pad>`;
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
  }
});

describe("what train and decode refuse", () => {
  const options = { vocabularySize: 300 };
  test.each([
    ["one string", () => Tokenizer.train("안녕", options), "train: texts is one string"],
    ["no string", () => Tokenizer.train(["a", 7] as never, options), "train: text 2 is not a string; it is number"],
    ["size", () => Tokenizer.train([], { vocabularySize: 1.5 }), "train: vocabularySize must be a whole number"],
    [
      "kind",
      () => Tokenizer.train([], { ...options, kind: "bert" as never }),
      "train: kind must be one of bpe, wordpiece",
    ],
    [
      "limit",
      () => Tokenizer.train([], { ...options, alphabetLimit: 0 }),
      "train: alphabetLimit must be a whole number",
    ],
    [
      "an id",
      () => Tokenizer.train([], options).decode([261]),
      "decode: 261 is not an id of this tokenizer; ids are 0 … 260",
    ],
  ])("%s", (_, act, message) => expect(act).toThrow(message));
});

describe("whole words", () => {
  const texts = ["Don't watch this movie!", "This movie is GREAT -- great, I say.", "영화 정말 재밌다, 재밌다"];
  const options = {
    kind: "word",
    vocabularySize: 8,
    lowercase: true,
    punctuation: "dropped",
    minimumFrequency: 1,
  } as const;

  test("the most frequent words have ids, the others are <unk>", () => {
    const tokenizer = Tokenizer.train(texts, options);
    expect(tokenizer.vocabularySize).toBe(8);
    expect(tokenizer.pieces([4, 5, 6, 7])).toEqual(["▁great", "▁movie", "▁this", "▁재밌다"]);
    const ids = tokenizer.encode("This... MOVIE? is 재밌다!");
    expect(ids).toEqual([6, 5, tokenizer.unknownId, 7]);
    expect(tokenizer.decode(ids)).toBe("this movie 재밌다");
    const loaded = Tokenizer.fromJSON(JSON.parse(JSON.stringify(tokenizer)), tokenizer.config(64));
    expect(loaded.encode("Great movie, don't")).toEqual([4, 5, tokenizer.unknownId]);
  });

  test("a part of a word is not that word", () => {
    const tokenizer = Tokenizer.train(["movie movie", "mov"], { ...options, minimumFrequency: 2 });
    expect(tokenizer.encode("movies mov movie")).toEqual([3, 3, 4]);
  });

  test("the apostrophe stays, any text is cut into known and unknown words", () => {
    const tokenizer = Tokenizer.train(texts, { ...options, vocabularySize: 100 });
    expect(tokenizer.decode(tokenizer.encode("don't"))).toBe("don't");
    fc.assert(
      fc.property(anyText, (text) => {
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(
          tokenizer.decode(tokenizer.encode(normalForm(text, checkedOptions(options)))),
        );
      }),
      { numRuns: 100 },
    );
  });

  test("needs room for a word", () => {
    expect(() => Tokenizer.train(texts, { ...options, vocabularySize: 4 })).toThrow("vocabularySize 4 is too small");
  });
});
