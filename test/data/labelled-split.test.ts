import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { comparedText } from "../../src/data/compared-text.ts";
import { splitLabelled, textLeak } from "../../src/data/labelled-split.ts";
import type { LabelledText } from "../../src/data/labelled-texts.ts";

const item = (text: string, label: string, line: number): LabelledText => ({ text, label, line });

/** So many different texts of each class, the classes by turns. */
function classes(sizes: Readonly<Record<string, number>>): LabelledText[] {
  const rows = Object.entries(sizes).flatMap(([label, size]) =>
    Array.from({ length: size }, (_, i) => ({ text: `${label} ${i}`, label, at: (i + 0.5) / size })),
  );
  return rows.sort((a, b) => a.at - b.at).map(({ text, label }, i) => item(text, label, i + 2));
}

function sizesOf(texts: readonly LabelledText[]): Record<string, number> {
  const sizes: Record<string, number> = {};
  for (const { label } of texts) sizes[label] = (sizes[label] ?? 0) + 1;
  return sizes;
}

const linesOf = (texts: readonly LabelledText[]) => texts.map(({ line }) => line);

describe("splitLabelled", () => {
  test("holds the same share of every class out, in the order of the file", () => {
    const texts = classes({ a: 100, b: 40, c: 10 });
    const { train, valid } = splitLabelled(texts, { fraction: 0.2, seed: 1 });
    expect(sizesOf(valid)).toEqual({ a: 20, b: 8, c: 2 });
    expect(sizesOf(train)).toEqual({ a: 80, b: 32, c: 8 });
    const inOrder = (side: readonly LabelledText[]) =>
      expect(linesOf(side)).toEqual(linesOf(side).sort((x, y) => x - y));
    inOrder(train);
    inOrder(valid);
    expect([...train, ...valid].sort((x, y) => x.line - y.line)).toEqual(texts);
  });

  test("the same texts for the same seed, others for another", () => {
    const texts = classes({ a: 60, b: 60 });
    const held = (seed: number) => linesOf(splitLabelled(texts, { fraction: 0.25, seed }).valid);
    expect(held(1)).toEqual(held(1));
    expect(held(1)).not.toEqual(held(2));
  });

  test("keeps texts together that differ in letter case, blanks and punctuation only", () => {
    const written = fc.constantFrom(
      (text: string) => text,
      (text: string) => text.toUpperCase(),
      (text: string) => `${text}!`,
      (text: string) => text.replace(" ", ""),
      (text: string) => ` ${text.replace(" ", ", ")} …`,
    );
    const row = fc.tuple(fc.nat(14), fc.constantFrom("a", "b", "c"), written);
    let split = 0;
    fc.assert(
      fc.property(fc.array(row, { minLength: 30, maxLength: 90 }), fc.integer(), (rows, seed) => {
        // Most texts have one label, some come with several.
        const texts = rows.map(([n, label, write], i) => item(write(`film ${n}`), n > 1 ? "abc"[n % 3] : label, i + 2));
        let sides: ReturnType<typeof splitLabelled>;
        try {
          sides = splitLabelled(texts, { fraction: 0.4, seed });
        } catch (error) {
          expect((error as Error).message).toContain("no class has enough texts to hold 0.4 of them out");
          return;
        }
        split++;
        const { train, valid } = sides;
        expect(train.length + valid.length).toBe(texts.length);
        expect(textLeak(train, valid).texts).toBe(0);
        const all = sizesOf(texts);
        for (const [label, held] of Object.entries(sizesOf(valid))) {
          expect(held).toBeLessThanOrEqual(Math.round(0.4 * all[label]));
        }
        expect(splitLabelled(texts, { fraction: 0.4, seed })).toEqual(sides);
      }),
      { numRuns: 40 },
    );
    expect(split).toBeGreaterThan(5);
  });

  test("learns from a text that comes with two labels", () => {
    const twice = [item("so so", "a", 90), item("So so.", "b", 91)];
    const texts = [...classes({ a: 20, b: 20 }), ...twice];
    for (let seed = 1; seed <= 10; seed++) {
      expect(splitLabelled(texts, { fraction: 0.5, seed }).train).toEqual(expect.arrayContaining(twice));
    }
  });

  test("learns from all of a class that is too small for its share", () => {
    const { train, valid } = splitLabelled(classes({ a: 50, b: 50, rare: 2 }), { fraction: 0.2, seed: 3 });
    expect(sizesOf(train)).toEqual({ a: 40, b: 40, rare: 2 });
    expect(sizesOf(valid)).toEqual({ a: 10, b: 10 });
  });

  test("never holds a whole class out", () => {
    const texts = classes({ a: 20, two: 2, one: 1 });
    for (const fraction of [0.5, 0.7, 0.9]) {
      const { train } = splitLabelled(texts, { fraction, seed: 1 });
      expect(sizesOf(train), `${fraction}`).toMatchObject({ one: 1, two: 1 });
    }
  });

  test("nothing held out is an error that says what to do", () => {
    expect(() => splitLabelled(classes({ a: 4, b: 4 }), { fraction: 0.1, seed: 1 })).toThrow(
      "no class has enough texts to hold 0.1 of them out; hold out more, nothing (0), or give a validation file",
    );
    const same = ["Nice", "nice!", " NICE", "n i c e"].map((text, i) => item(text, "a", i + 2));
    expect(new Set(same.map(({ text }) => comparedText(text))).size).toBe(1);
    expect(() => splitLabelled(same, { fraction: 0.5, seed: 1 })).toThrow("no class has enough texts");
  });
});

test("textLeak counts held-out texts that were seen, whatever their label", () => {
  const train = [item("Hello", "a", 2), item("Bye", "b", 3)];
  const valid = [item("hello?", "b", 4), item("new", "a", 5), item("newer", "a", 6), item("b y e", "b", 7)];
  expect(textLeak(train, valid)).toEqual({ texts: 0.5, sentence: "50 % of held-out texts also occur in training" });
  expect(textLeak(train, [valid[1]]).sentence).toBe("0 % of held-out texts also occur in training");
  const many = [...Array.from({ length: 199 }, (_, i) => item(`new ${i}`, "a", i)), valid[0]];
  expect(textLeak(train, many).sentence).toBe("under 1 % of held-out texts also occur in training");
  expect(textLeak(train, []).texts).toBe(0);
});
