import { describe, expect, test } from "vitest";
import { joinPunctuation, normalForm, spacePunctuation, type TextRules } from "../../src/text/normal-form.ts";

const plain: TextRules = { normalization: "nfc", lowercase: false, punctuation: "isolated" };

describe("the study notes' preprocessing", () => {
  test.each([
    ["영화 볼래?", "영화 볼래 ?"],
    ["12시 땡!", "12시 땡 !"],
    ["것 같아요 .", "것 같아요 ."],
    ["  네...  그래요 ", "네 . . . 그래요"],
  ])("%j is learnt as %j", (text, spaced) => expect(spacePunctuation(text)).toBe(spaced));

  test("decoding joins marks to the word before them", () => {
    expect(joinPunctuation("것 같아요 .")).toBe("것 같아요.");
    expect(joinPunctuation("좋아요 , 가요 ! !")).toBe("좋아요, 가요!!");
  });
});

describe("normal form", () => {
  test.each([
    ["runs of blanks become one", " a \t\n\u0085\u3000 b\u00A0", {}, "a b"],
    ["a byte order mark is left out", "\uFEFF가\uFEFF나", {}, "가나"],
    ["▁ becomes _", "▁a▁", {}, "_a_"],
    ["lone surrogates become U+FFFD", "a\uD83D😀\uDE00", {}, "a\uFFFD😀\uFFFD"],
    ["nfc composes jamo", "한국".normalize("NFD"), {}, "한국"],
    ["nfc keeps compatibility characters", "？①", {}, "？①"],
    ["nfkc replaces them", "？①", { normalization: "nfkc" }, "?1"],
    ["none keeps jamo apart", "한".normalize("NFD"), { normalization: "none" }, "한".normalize("NFD")],
    ["lowercase, with one sigma", "ABC ΟΔΟΣ", { lowercase: true }, "abc οδοσ"],
    ["spaced", "볼래 ?3.5", { punctuation: "spaced" }, "볼래? 3. 5"],
  ] as const)("%s", (_, text, rules, form) => expect(normalForm(text, { ...plain, ...rules })).toBe(form));
});
