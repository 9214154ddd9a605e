import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { distinct } from "../../src/metrics/distinct.ts";
import { sentence } from "./corpora.ts";

describe("distinct-1 and distinct-2", () => {
  it("are different unigrams and bigrams over all tokens", () => {
    // a b a b | a b c: 3 of 7 unigrams; ab, ba, bc are different bigrams.
    expect(distinct(["a b a b", "a b c"])).toEqual({ distinct1: 3 / 7, distinct2: 3 / 7, tokens: 7 });
    expect(distinct(["네", "네", "아니"])).toEqual({ distinct1: 2 / 3, distinct2: 0, tokens: 3 });
  });

  it("have no bigrams across two texts", () => {
    expect(distinct(["a b", "c d"]).distinct2).toBe(2 / 4);
  });

  it("cut words as BLEU does, and take letter case as it is unless told otherwise", () => {
    expect(distinct(["Yes, yes."])).toMatchObject({ distinct1: 1, tokens: 4 });
    expect(distinct(["Yes, yes."], { lowercase: true })).toMatchObject({ distinct1: 3 / 4 });
    expect(distinct(["Yes, yes."], { tokenizer: "none" }).tokens).toBe(2);
    expect(distinct(["가 나가"], { tokenizer: "char" })).toEqual({ distinct1: 2 / 3, distinct2: 2 / 3, tokens: 3 });
  });

  it("are 0 where there is nothing", () => {
    expect(distinct([])).toEqual({ distinct1: 0, distinct2: 0, tokens: 0 });
    expect(distinct([" ", ""])).toEqual({ distinct1: 0, distinct2: 0, tokens: 0 });
  });

  it("fall when texts are repeated, and lie between 0 and 1", () => {
    fc.assert(
      fc.property(fc.array(sentence, { minLength: 1, maxLength: 6 }), (texts) => {
        const once = distinct(texts);
        const twice = distinct([...texts, ...texts]);
        expect(twice.distinct1).toBeCloseTo(once.distinct1 / 2, 12);
        expect(twice.distinct2).toBeCloseTo(once.distinct2 / 2, 12);
        expect(once.distinct1).toBeLessThanOrEqual(1);
        expect(once.distinct2).toBeLessThanOrEqual(1);
      }),
    );
  });
});
