import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { comparedText } from "../../src/data/compared-text.ts";
import type { Pair } from "../../src/data/pair.ts";
import { holdOutOnePerGroup, type KeepTogether, leakReport, splitPairs } from "../../src/data/split.ts";

const pair = (source: string, target: string, line: number, group?: string): Pair =>
  group === undefined ? { source, target, line } : { source, target, line, group };

/** Pairs whose texts repeat, in other letter case and punctuation. */
const repeating = fc
  .array(fc.tuple(fc.nat(30), fc.nat(30), fc.nat(12), fc.constantFrom("", "!", " ?", "~")), {
    minLength: 30,
    maxLength: 90,
  })
  .map((rows) => rows.map(([s, t, g, end], i) => pair(`What is ${s}${end}`, `${end}IT is ${t}`, i + 1, `g${g}`)));

const asSeen = { source: (p: Pair) => comparedText(p.source), target: (p: Pair) => comparedText(p.target) };

describe("splitPairs", () => {
  test.each<KeepTogether>(["none", "source", "target", "either", "group"])(
    "%s: the sides are disjoint, complete, in order, and keep together what they should",
    (keepTogether) => {
      let splits = 0;
      fc.assert(
        fc.property(repeating, fc.integer(), (pairs, seed) => {
          const split = () => splitPairs(pairs, { fraction: 0.5, seed, keepTogether });
          let sides: ReturnType<typeof split>;
          try {
            sides = split();
          } catch (error) {
            // One set holds more than half of the pairs, and there is no other.
            expect((error as Error).message).toContain("the smallest set of rows that stay together");
            return;
          }
          splits++;
          const { train, valid } = sides;
          const byLine = (a: Pair, b: Pair) => a.line - b.line;
          expect([...train, ...valid].sort(byLine)).toEqual(pairs);
          expect(train).toEqual(train.toSorted(byLine));
          expect(valid).toEqual(valid.toSorted(byLine));
          expect(valid.length).toBeGreaterThan(0);
          expect(valid.length).toBeLessThanOrEqual(Math.round(pairs.length / 2));
          if (keepTogether === "none") expect(valid.length).toBe(Math.round(pairs.length / 2));
          const apart = (key: (p: Pair) => string | undefined) => {
            const seen = new Set(train.map(key));
            for (const p of valid) expect(seen).not.toContain(key(p));
          };
          if (keepTogether === "source" || keepTogether === "either") apart(asSeen.source);
          if (keepTogether === "target" || keepTogether === "either") apart(asSeen.target);
          if (keepTogether === "group") apart((p) => p.group);
          expect(split()).toEqual(sides);
        }),
        { numRuns: 40 },
      );
      expect(splits).toBeGreaterThan(9);
    },
  );

  test("another seed holds out other pairs", () => {
    const pairs = Array.from({ length: 100 }, (_, i) => pair(`q${i}`, `a${i}`, i + 1));
    const lines = (seed: number) => splitPairs(pairs, { count: 10, seed }).valid.map(({ line }) => line);
    expect(lines(1)).not.toEqual(lines(2));
    expect(lines(1).length).toBe(10);
  });

  test("rows joined through others stay together", () => {
    const chain = [pair("a", "1", 1), pair("b", "1", 2), pair("b", "2", 3), pair("c", "2", 4), pair("x", "9", 5)];
    const { valid } = splitPairs(chain, { count: 3, seed: 1, keepTogether: "either" });
    expect(valid.map(({ line }) => line)).toEqual([5]);
  });

  test("punctuation alone is a text of its own", () => {
    expect(comparedText("?!")).toBe("?!");
    expect(comparedText("안녕~ 하세요?")).toBe(comparedText("안녕하세요!"));
    expect(comparedText("2 + 3")).not.toBe(comparedText("23"));
  });

  test("sizes that cannot be are errors", () => {
    const pairs = [pair("a", "1", 1), pair("b", "1", 2), pair("c", "1", 3)];
    expect(() => splitPairs(pairs, { seed: 1 })).toThrow("give either a fraction or a count");
    expect(() => splitPairs(pairs, { seed: 1, fraction: 0.1, count: 1 })).toThrow("give either a fraction or a count");
    expect(() => splitPairs(pairs, { seed: 1, fraction: 1 })).toThrow("must lie between 0 and 1; it is 1");
    expect(() => splitPairs(pairs, { seed: 1, count: 3 })).toThrow("3 of 3 pairs cannot be held out");
    expect(() => splitPairs(pairs, { seed: 1, count: 1.5 })).toThrow("1.5 of 3 pairs cannot be held out");
    expect(() => splitPairs(pairs, { seed: 1, count: 2, keepTogether: "target" })).toThrow(
      "the smallest set of rows that stay together (target) has 3; hold out more, or keep fewer rows together",
    );
    expect(() => splitPairs(pairs, { seed: 1, count: 1, keepTogether: "group" })).toThrow(
      "line 1: the pair has no group; choose the group column",
    );
  });
});

test("holdOutOnePerGroup holds one of every group out, and none that is alone", () => {
  fc.assert(
    fc.property(repeating, fc.integer(), (pairs, seed) => {
      const { train, valid } = holdOutOnePerGroup(pairs, seed);
      const groups = pairs.map(({ group }) => group);
      const several = [...new Set(groups)].filter((group) => groups.indexOf(group) < groups.lastIndexOf(group));
      expect(valid.map(({ group }) => group).sort()).toEqual(several.sort());
      expect(train.length + valid.length).toBe(pairs.length);
      expect(new Set([...train, ...valid]).size).toBe(pairs.length);
      expect(holdOutOnePerGroup(pairs, seed)).toEqual({ train, valid });
    }),
    { numRuns: 40 },
  );
});

test("leakReport counts held-out texts that were seen", () => {
  const train = [pair("Hello", "Hi!", 1), pair("Bye", "See you", 2)];
  const valid = [pair("hello?", "other", 3), pair("new", "hi", 4), pair("newer", "SEE YOU.", 5), pair("x", "y", 6)];
  expect(leakReport(train, valid)).toEqual({
    sources: 0.25,
    targets: 0.5,
    sentence: "25 % of held-out questions and 50 % of held-out answers also occur in training",
  });
  expect(leakReport(train, valid, { sources: "sources", targets: "targets" }).sentence).toContain("held-out targets");
  expect(leakReport(train, []).sources).toBe(0);
});
