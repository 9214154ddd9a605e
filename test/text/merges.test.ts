import * as fc from "fast-check";
import { expect, test } from "vitest";
import { learnMerges } from "../../src/text/merges.ts";

const options = {
  minimumFrequency: 1,
  units: (word: string) => [...word],
  join: (left: string, right: string) => left + right,
};

test("the words of Sennrich et al. 2016, algorithm 1", () => {
  const words = new Map([
    ["low·", 5],
    ["lower·", 2],
    ["newest·", 6],
    ["widest·", 3],
  ]);
  const alphabet = [..."deilnorstw·"];
  const { merges } = learnMerges(words, { ...options, alphabet, limit: 4 });
  // es, est, est·, lo in the paper, where ties go to the pair met first; here "t" is older than "es".
  expect(merges).toEqual([
    ["e", "s"],
    ["t", "·"],
    ["es", "t·"],
    ["l", "o"],
  ]);
});

test("equally common pairs: the older left piece first, then the older right piece", () => {
  const words = new Map([
    ["cd", 1],
    ["ab", 1],
    ["ac", 1],
  ]);
  const { pieces } = learnMerges(words, { ...options, alphabet: ["a", "b", "c", "d"], limit: 9 });
  expect(pieces).toEqual(["ab", "ac", "cd"]);
});

test("a unit outside the alphabet parts its neighbours", () => {
  const { pieces } = learnMerges(new Map([["axbxab", 1]]), { ...options, alphabet: ["a", "b"], limit: 9 });
  expect(pieces).toEqual(["ab"]);
  expect(learnMerges(new Map([["axb", 9]]), { ...options, alphabet: ["a", "b"], limit: 9 }).pieces).toEqual([]);
});

test("pairs below the minimum frequency stay apart", () => {
  const words = new Map([
    ["ab", 2],
    ["cd", 1],
  ]);
  const { pieces } = learnMerges(words, { ...options, minimumFrequency: 2, alphabet: [..."abcd"], limit: 9 });
  expect(pieces).toEqual(["ab"]);
});

test("counts kept up to date give the merges of counting everything anew", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 9 });
  const counted = fc.array(fc.tuple(word, fc.integer({ min: 1, max: 5 })), { maxLength: 12 });
  fc.assert(
    fc.property(counted, fc.integer({ min: 1, max: 3 }), (entries, minimumFrequency) => {
      const words = new Map(entries);
      const learnt = learnMerges(words, { ...options, minimumFrequency, alphabet: ["a", "b", "c"], limit: 20 });
      expect(learnt.merges).toEqual(countedAnew(words, minimumFrequency, 20));
    }),
    { numRuns: 500 },
  );
});

/** The textbook loop. */
function countedAnew(words: Map<string, number>, minimumFrequency: number, limit: number): [string, string][] {
  const pieces = ["a", "b", "c"];
  const split = Array.from(words, ([word, count]) => ({ parts: [...word], count }));
  const merges: [string, string][] = [];
  while (pieces.length < 3 + limit) {
    const counts = new Map<string, number>();
    for (const { parts, count } of split) {
      for (let i = 1; i < parts.length; i++) {
        const key = `${parts[i - 1]} ${parts[i]}`;
        counts.set(key, (counts.get(key) ?? 0) + count);
      }
    }
    const age = (key: string) => key.split(" ").reduce((sum, piece) => sum * 1000 + pieces.indexOf(piece), 0);
    const [best] = [...counts].sort(([a, m], [b, n]) => n - m || age(a) - age(b));
    if (!best || best[1] < minimumFrequency) break;
    const [left, right] = best[0].split(" ");
    merges.push([left, right]);
    if (!pieces.includes(left + right)) pieces.push(left + right);
    for (const word of split) {
      for (let i = 0; i + 1 < word.parts.length; i++) {
        if (word.parts[i] === left && word.parts[i + 1] === right) word.parts.splice(i, 2, left + right);
      }
    }
  }
  return merges;
}
