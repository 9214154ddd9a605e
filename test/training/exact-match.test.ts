import { describe, expect, it } from "vitest";
import { exactMatch } from "../../src/training/exact-match.ts";

const normalForm = (text: string) => text.trim().toLowerCase();

/** Answers from a list, and remembers how it was asked. */
class Known {
  readonly asked: number[] = [];
  readonly #answers: Readonly<Record<string, string>>;

  constructor(answers: Readonly<Record<string, string>>) {
    this.#answers = answers;
  }

  async answerAll(texts: readonly string[]) {
    this.asked.push(texts.length);
    return texts.map((text) => ({ answer: this.#answers[text] ?? "", milliseconds: 2 * texts.length }));
  }
}

const pairs = [
  { source: "hello", target: "hi", line: 2 },
  { source: "Hello ", target: "Good day", line: 3 },
  { source: "bye", target: "see you", line: 4 },
];

describe("exactMatch", () => {
  it("counts a source once and takes any answer that is given to it, compared in the normal form", async () => {
    const measured = await exactMatch(
      new Known({ hello: "good DAY", "Hello ": "good DAY", bye: "no" }),
      pairs,
      normalForm,
    );
    expect(measured).toEqual({
      exactMatch: 1 / 2,
      sources: 2,
      exactMatchRows: 2 / 3,
      rows: 3,
      millisecondsPerAnswer: 2,
    });
  });

  it("takes a sample by a seed, and compares it with the answers of all rows", async () => {
    const known = new Known({ hello: "good day", "Hello ": "hi", bye: "see you" });
    for (const seed of [1, 2, 3]) {
      expect(await exactMatch(known, pairs, normalForm, { sample: 1, seed })).toMatchObject({ exactMatch: 1, rows: 1 });
    }
  });

  it("asks many sources in batches, the first ones alone for the time", async () => {
    const many = Array.from({ length: 700 }, (_, i) => ({ source: `q${i}`, target: "a", line: i + 1 }));
    const known = new Known({});
    const measured = await exactMatch(known, many, normalForm);
    expect(measured).toMatchObject({ exactMatch: 0, sources: 700, millisecondsPerAnswer: 2 });
    expect(known.asked.slice(0, 102)).toEqual([...Array(100).fill(1), 64, 64]);
    expect(known.asked.reduce((sum, size) => sum + size)).toBe(700);
  });
});
