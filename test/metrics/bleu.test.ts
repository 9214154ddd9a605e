import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bleu, sentenceBleu } from "../../src/metrics/bleu.ts";
import { corpus, sentence, shuffledCorpus } from "./corpora.ts";

const none = { tokenizer: "none" } as const;

function expectShares(percentages: readonly number[], shares: readonly number[]): void {
  expect(percentages).toEqual(shares.map((share) => expect.closeTo(100 * share, 10)));
}

describe("bleu, by hand", () => {
  it("an order without a match is smoothed by halves", () => {
    const { score, precisions } = bleu(["the cat sat on the mat"], ["the cat is on the mat"]);
    // 5 of 6 words, 3 of 5 pairs, "on the mat" of 4 triples; none of 3 quadruples: half of one.
    expectShares(precisions, [5 / 6, 3 / 5, 1 / 4, 1 / (2 * 3)]);
    expect(score).toBeCloseTo(100 * (1 / 48) ** (1 / 4), 10);
  });

  it("a second order without a match is smoothed by quarters", () => {
    const { precisions } = bleu(["a b x c"], ["a b y c"]);
    expectShares(precisions, [3 / 4, 1 / 3, 1 / (2 * 2), 1 / (4 * 1)]);
  });

  it("a word is right no more often than in one reference (Papineni et al. 2002, example 2)", () => {
    const { precisions, hypothesisLength, referenceLength } = bleu(
      ["the the the the the the the"],
      [["The cat is on the mat.", "There is a cat on the mat."]],
      { lowercase: true },
    );
    expect(precisions[0]).toBeCloseTo(200 / 7, 10);
    expect([hypothesisLength, referenceLength]).toEqual([7, 7]);
  });

  it("half as long as the reference costs a factor e", () => {
    const { score, brevityPenalty, precisions } = bleu(["a b c d"], ["a b c d e f g h"]);
    expect(precisions).toEqual([100, 100, 100, 100]);
    expect(brevityPenalty).toBeCloseTo(1 / Math.E, 12);
    expect(score).toBeCloseTo(100 / Math.E, 10);
  });

  it("longer than the reference costs no more than precision", () => {
    expect(bleu(["a b c d e"], ["a b c d"]).brevityPenalty).toBe(1);
  });

  it("of two references equally close in length the shorter one counts", () => {
    expect(bleu(["a b c d"], [["a b c d e", "a b c"]]).referenceLength).toBe(3);
  });

  it("counts are added over the corpus before dividing", () => {
    const { precisions } = bleu(["a b c d", "x"], ["a b c d", "y"]);
    expect(precisions).toEqual([80, 100, 100, 100]);
  });

  it("no hypothesis has four tokens: 0", () => {
    const { score, precisions } = bleu(["a b c"], ["a b c"]);
    expect(score).toBe(0);
    expect(precisions).toEqual([100, 100, 100, 0]);
  });

  it("empty hypotheses: 0", () => {
    expect(bleu(["", ""], ["a", "b"])).toMatchObject({
      score: 0,
      precisions: [0, 0, 0, 0],
      brevityPenalty: 0,
      hypothesisLength: 0,
      referenceLength: 2,
    });
  });

  it("characters, and small letters for capitals", () => {
    expect(bleu(["가나 다라"], ["가 나다라"], { tokenizer: "char" }).score).toBe(100);
    expect(bleu(["The CAT sat down"], ["the cat sat down"], { lowercase: true }).score).toBe(100);
  });
});

describe("sentenceBleu", () => {
  it("judges a short sentence by the orders it has", () => {
    expect(sentenceBleu("안녕", "안녕").score).toBe(100);
    expect(sentenceBleu("a b c", "a b d").score).toBeCloseTo(100 * ((2 / 3) * (1 / 2) * (1 / 2)) ** (1 / 3), 10);
  });

  it("empty hypothesis: 0", () => expect(sentenceBleu("", "a").score).toBe(0));

  it("is the BLEU of a corpus of one sentence of four tokens or more", () => {
    fc.assert(
      fc.property(sentence, sentence, (hypothesis, reference) => {
        const one = sentenceBleu(hypothesis, reference, none);
        fc.pre(one.hypothesisLength >= 4);
        expect(one.score).toBe(bleu([hypothesis], [reference], none).score);
      }),
    );
  });
});

describe("signatures", () => {
  it("corpus", () =>
    expect(bleu(["a"], ["a"]).signature).toBe("nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.x"));
  it("sentence", () =>
    expect(sentenceBleu("a", ["a", "b"], { tokenizer: "char", lowercase: true }).signature).toBe(
      "nrefs:2|case:lc|eff:yes|tok:char|smooth:exp|version:2.x",
    ));
  it("a varying number of references", () =>
    expect(bleu(["a", "b"], ["a", ["b", "c"]]).signature).toMatch(/^nrefs:var\|/));
});

describe("errors", () => {
  it("counts differ", () => {
    expect(() => bleu(["a", "b", "c"], ["a", "b"])).toThrow("bleu: 3 hypotheses, but references for 2;");
    expect(() => bleu(["a", "b", "c"], [["a", "b", "c"]])).toThrow("a list of its references");
  });
  it("empty corpus", () => expect(() => bleu([], [])).toThrow("bleu: there are no hypotheses"));
  it("no reference", () => {
    expect(() => bleu(["a", "b"], ["a", []])).toThrow("bleu: hypothesis 2 of 2 has no reference");
    expect(() => sentenceBleu("a", [])).toThrow("sentenceBleu: hypothesis 1 of 1 has no reference");
  });
  it("an empty reference is one", () => expect(bleu(["a"], [""]).referenceLength).toBe(0));
});

describe("laws", () => {
  const texts = (segments: readonly { hypothesis: string; references: string[] }[]) =>
    [segments.map(({ hypothesis }) => hypothesis), segments.map(({ references }) => references)] as const;

  it("the order of the sentences does not matter", () => {
    fc.assert(
      fc.property(shuffledCorpus, ([segments, shuffled]) => {
        expect(bleu(...texts(shuffled))).toEqual(bleu(...texts(segments)));
      }),
    );
  });

  it("the order of the references does not matter", () => {
    fc.assert(
      fc.property(corpus, (segments) => {
        const reversed = segments.map((one) => ({ ...one, references: one.references.toReversed() }));
        expect(bleu(...texts(reversed))).toEqual(bleu(...texts(segments)));
      }),
    );
  });

  it("a score lies between 0 and 100, and is 100 where every hypothesis is one of its references", () => {
    fc.assert(
      fc.property(corpus, (segments) => {
        const [hypotheses, references] = texts(segments);
        const { score } = bleu(hypotheses, references);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(100 + 1e-9);
        const own = references.map((others, index) => [...others, hypotheses[index]!]);
        const perfect = bleu(hypotheses, own);
        expect(perfect.score).toBe(perfect.precisions[3] === 0 ? 0 : 100);
      }),
    );
  });
});
