import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chrf, sentenceChrf } from "../../src/metrics/chrf.ts";
import { corpus, sentence, shuffledCorpus } from "./corpora.ts";

describe("chrF, by hand", () => {
  it("is the F2 score of the means over the orders", () => {
    // 2 of 3 characters, 1 of 2 pairs, no triple; precision and recall are the same.
    expect(sentenceChrf("abc", "abd").score).toBeCloseTo((100 * (2 / 3 + 1 / 2)) / 3, 10);
  });

  it("recall counts twice as much, and orders that one side lacks not at all", () => {
    // Precision 1; recall (2/4 + 1/3) / 2 = 5/12; F = 5·P·R / (4·P + R) = 25/53.
    expect(sentenceChrf("ab", "abcd").score).toBeCloseTo(2500 / 53, 10);
    // The same with precision and recall exchanged: 5·(5/12) / (4·(5/12) + 1) = 25/32.
    expect(sentenceChrf("abcd", "ab").score).toBeCloseTo(2500 / 32, 10);
  });

  it("a repeated n-gram is right as often as the reference has it", () => {
    // 1 of 2 characters; the reference has no pair.
    expect(sentenceChrf("aa", "a").score).toBeCloseTo((100 * 5 * (1 / 2)) / (4 * (1 / 2) + 1), 10);
  });

  it("the n-grams of a reference too short for an order are left out of the corpus too", () => {
    // Characters: 3 of 4 right, all 3 found. Pairs: those of "xy" are judged by nothing, "ab" is right.
    const precision = (3 / 4 + 1) / 2;
    expect(chrf(["ab", "xy"], ["ab", "x"]).score).toBeCloseTo((100 * 5 * precision) / (4 * precision + 1), 10);
  });

  it("counts code points, and does not compose jamo", () => {
    expect(sentenceChrf("😀", "😁").score).toBe(0);
    expect(sentenceChrf("가", "\u1100\u1161").score).toBe(0);
  });

  it("small letters for capitals", () => {
    expect(sentenceChrf("ABC", "abc").score).toBe(0);
    expect(sentenceChrf("ABC", "abc", { lowercase: true }).score).toBe(100);
  });

  it("the best of several references counts", () => {
    expect(sentenceChrf("abc", ["xyz", "abc"]).score).toBe(100);
  });

  it("empty hypotheses: 0", () => {
    expect(chrf(["", ""], ["a", "b"]).score).toBe(0);
    expect(sentenceChrf("", "").score).toBe(0);
  });
});

describe("chrF++, by hand", () => {
  const wordOrder = 2;

  it("adds words and pairs of words", () => {
    // Characters 2/3, pairs 1/2, triples 0, words 1/2, pairs of words 0.
    expect(sentenceChrf("a bc", "a bd", { wordOrder }).score).toBeCloseTo((100 * (2 / 3 + 1 / 2 + 1 / 2)) / 5, 10);
  });

  it("a mark at the end of a word is a word of its own, or else one at the start", () => {
    // One word alone, as characters with and without: 2 of 3 characters, 1 of 2 pairs, no triple; then the words.
    const characters = 2 / 3 + 1 / 2;
    expect(sentenceChrf("ab.", "ab,", { wordOrder }).score).toBeCloseTo((100 * (characters + 1 / 2)) / 5, 10);
    expect(sentenceChrf("(ab", "[ab", { wordOrder }).score).toBeCloseTo((100 * (characters + 1 / 2)) / 5, 10);
  });

  it("only one mark is parted, and only an ASCII one", () => {
    // "(ab)" is "(ab" and ")": 3 of 4 characters, 2 of 3 pairs, 1 of 2 triples, the quadruple not; 1 of 2 words.
    const marked = 3 / 4 + 2 / 3 + 1 / 2;
    expect(sentenceChrf("(ab)", "[ab)", { wordOrder }).score).toBeCloseTo((100 * (marked + 1 / 2)) / 6, 10);
    // "ab。" is one word: no word is right, and there is no pair of words.
    const whole = 2 / 3 + 1 / 2;
    expect(sentenceChrf("ab。", "ab…", { wordOrder }).score).toBeCloseTo((100 * whole) / 4, 10);
  });
});

describe("signatures", () => {
  it("chrF", () =>
    expect(chrf(["a"], ["a"]).signature).toBe("nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:2.x"));
  it("chrF++", () =>
    expect(sentenceChrf("a", ["a", "b"], { wordOrder: 2, lowercase: true }).signature).toBe(
      "nrefs:2|case:lc|eff:yes|nc:6|nw:2|space:no|version:2.x",
    ));
});

describe("errors", () => {
  it("counts differ", () => expect(() => chrf(["a"], ["a", "b"])).toThrow("chrf: 1 hypotheses, but references for 2;"));
  it("empty corpus", () => expect(() => chrf([], [])).toThrow("chrf: there are no hypotheses"));
  it("no reference", () =>
    expect(() => sentenceChrf("a", [])).toThrow("sentenceChrf: hypothesis 1 of 1 has no reference"));
});

describe.each([0, 2] as const)("laws, word order %i", (wordOrder) => {
  const of = (segments: readonly { hypothesis: string; references: string[] }[]) =>
    chrf(
      segments.map(({ hypothesis }) => hypothesis),
      segments.map(({ references }) => references),
      { wordOrder },
    ).score;

  it("the order of the sentences does not matter", () => {
    fc.assert(
      fc.property(shuffledCorpus, ([segments, shuffled]) => {
        expect(of(shuffled)).toBe(of(segments));
      }),
    );
  });

  it("one sentence is a corpus; more references never lower its score, and their order does not matter", () => {
    fc.assert(
      fc.property(corpus, ([{ hypothesis, references }]) => {
        const score = sentenceChrf(hypothesis, references, { wordOrder }).score;
        expect(score).toBe(of([{ hypothesis, references }]));
        expect(score).toBe(sentenceChrf(hypothesis, references.toReversed(), { wordOrder }).score);
        expect(score).toBeGreaterThanOrEqual(sentenceChrf(hypothesis, references[0]!, { wordOrder }).score);
      }),
    );
  });

  it("a score lies between 0 and 100, and is 100 where every hypothesis is its reference", () => {
    fc.assert(
      fc.property(corpus, (segments) => {
        expect(of(segments)).toBeGreaterThanOrEqual(0);
        expect(of(segments)).toBeLessThanOrEqual(100 + 1e-9);
        const perfect = segments.map(({ hypothesis }) => ({ hypothesis, references: [hypothesis] }));
        expect(of(perfect)).toBe(segments.some(({ hypothesis }) => hypothesis !== "") ? 100 : 0);
      }),
    );
  });

  it("blanks count for words only", () => {
    fc.assert(
      fc.property(sentence, sentence, (hypothesis, reference) => {
        expect(sentenceChrf(` ${hypothesis.replaceAll(" ", "\u3000\n")} `, reference, { wordOrder }).score).toBe(
          sentenceChrf(hypothesis, reference, { wordOrder }).score,
        );
      }),
    );
    expect(sentenceChrf("a b", "ab", { wordOrder }).score === 100).toBe(wordOrder === 0);
  });
});
