import { describe, expect, it } from "vitest";
import { answerPairs } from "../../src/training/answer-pairs.ts";
import { GivenAnswers } from "../../src/training/exact-match.ts";

const normalForm = (text: string) => text.trim().toLowerCase();

/** Answers from a list, and remembers how it was asked. */
class Known {
  readonly maxTokens = 100;
  readonly asked: number[] = [];
  readonly #answers: Readonly<Record<string, string>>;

  constructor(answers: Readonly<Record<string, string>>) {
    this.#answers = answers;
  }

  countTokens(text: string): number {
    return text.split(" ").length;
  }

  async answerAll(texts: readonly string[]) {
    this.asked.push(texts.length);
    return texts.map((text) => ({ answer: this.#answers[text] ?? "", score: -1, penalisedScore: -1, finished: true }));
  }
}

const pairs = [
  { source: "hello", target: "hi", line: 2 },
  { source: "Hello ", target: "Good day", line: 3 },
  { source: "bye", target: "see you", line: 4 },
];

describe("answerPairs", () => {
  it("asks each source once, whatever rows it stands in", async () => {
    const responder = new Known({ "Hello ": "hey", bye: "ciao" });
    const { answered, ...others } = await answerPairs({ responder, tokenizer: { normalForm } }, pairs);
    expect(answered).toEqual([
      { pair: pairs[0], answer: "hey" },
      { pair: pairs[1], answer: "hey" },
      { pair: pairs[2], answer: "ciao" },
    ]);
    expect(responder.asked).toEqual([2]);
    expect(others).toEqual({});
  });

  it("asks the first ones alone for the time, and the others together", async () => {
    const many = Array.from({ length: 700 }, (_, i) => ({ source: `q${i}`, target: "a", line: i + 1 }));
    const answers = Object.fromEntries(many.map(({ source }) => [source, `a ${source}`]));
    const responder = new Known(answers);
    const timed = await answerPairs({ responder, tokenizer: { normalForm } }, many, { timed: true });
    expect(timed.answered.map(({ answer }) => answer)).toEqual(many.map(({ source }) => `a ${source}`));
    expect(responder.asked.slice(0, 102)).toEqual([...Array(100).fill(1), 64, 64]);
    expect(responder.asked.reduce((sum, size) => sum + size)).toBe(700);
    expect(timed.millisecondsPerAnswer).toBeGreaterThan(0);
    expect(timed.millisecondsPerAnswer).toBeLessThan(1000);
  });
});

describe("exact match", () => {
  const answered = (...answers: string[]) => answers.map((answer, i) => ({ pair: pairs[i], answer }));

  it("counts a source once and takes any answer that is given to it, compared in the normal form", () => {
    expect(new GivenAnswers(pairs, normalForm).exactMatch(answered("good DAY", "good DAY ", "no"))).toEqual({
      exactMatch: 1 / 2,
      sources: 2,
      exactMatchRows: 2 / 3,
      rows: 3,
    });
  });

  it("of some rows compares with the answers of all", () => {
    const given = new GivenAnswers(pairs, normalForm);
    expect(given.exactMatch([{ pair: pairs[0], answer: "good day" }])).toMatchObject({ exactMatch: 1, rows: 1 });
    const some = new GivenAnswers(pairs.slice(0, 1), normalForm);
    expect(some.exactMatch([{ pair: pairs[0], answer: "good day" }])).toMatchObject({ exactMatch: 0 });
  });
});
