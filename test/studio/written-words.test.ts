import { describe, expect, it } from "vitest";
import type { GenerateEvent, TokEvent } from "../../src/studio/wire.ts";
import { type Answer, begunAnswer, textOf, withEvent } from "../../studio/talk/answer.ts";
import { mostGathered, pictureOf } from "../../studio/talk/written-words.ts";

const look = (...weights: number[]) =>
  Buffer.from(Uint8Array.from(weights, (weight) => Math.round(255 * Math.sqrt(weight)))).toString("base64");
const tok = (i: number, t: string, w: number, p: number, ...weights: number[]): TokEvent => ({
  type: "tok",
  i,
  tok: { t, w, id: 10 + i, ...(t === "" && { sp: "eos" as const }) },
  p,
  top: [],
  ...(weights.length > 0 && { look: look(...weights) }),
});
const events: GenerateEvent[] = [
  {
    type: "src",
    gen: "g1",
    toks: [
      { t: "나", w: 0, id: 1 },
      { t: "는", w: 0, id: 2 },
      { t: "빌렸다", w: 1, id: 3 },
      { t: "", w: 2, id: 4, sp: "eos" },
    ],
    words: ["나는", "빌렸다", ""],
    cut: 0,
  },
  tok(0, "I", 0, 0.9, 0.5, 0.3, 0.1, 0.1),
  tok(1, "borrow", 1, 0.8, 0.1, 0, 0.9, 0),
  tok(2, "ed", 1, 0.5, 0, 0, 0.7, 0.3),
  tok(3, "", 2, 1, 0, 0, 0, 1),
];
const answer = events.reduce<Answer>(withEvent, begunAnswer({ src: "나는 빌렸다" }));

describe("an answer", () => {
  it("grows with what comes", () => {
    expect(answer.state).toBe("writing");
    expect(textOf(answer)).toBe("I borrowed");
    const done = withEvent(answer, {
      type: "done",
      text: "I borrowed.",
      words: ["I", "borrowed", ""],
      nbest: [],
      ms: 1,
      att: "a1",
    });
    expect([done.state, textOf(done)]).toEqual(["done", "I borrowed."]);
  });

  it("that failed says why in both languages", () => {
    const failed = withEvent(answer, { type: "error", code: "busy", ko: "바쁩니다", en: "busy" });
    expect(failed).toMatchObject({ state: "failed", error: { ko: "바쁩니다", en: "busy" } });
  });
});

describe("words of an answer", () => {
  const picture = pictureOf(answer);

  it("multiply the probabilities of their pieces", () => {
    expect(picture.written.map(({ text, p }) => [text, p])).toEqual([
      ["I", 0.9],
      ["borrowed", 0.4],
      ["", 1],
    ]);
  });

  it("add what their pieces looked at across, and average it down; rows stay at 100 %", () => {
    const [i, borrowed] = picture.written;
    expect(i.look![0]).toBeCloseTo(0.8, 2);
    expect(borrowed.look![1]).toBeCloseTo(0.8, 2);
    for (const { look } of picture.written) expect(look!.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 10);
  });

  it("are first looked at where attention is gathered most, marks aside", () => {
    const gathered = (first: number[], others: number[]) =>
      mostGathered(pictureOf(answer, { lookAt: ({ i }) => (i === 0 ? first : others) }));
    expect(gathered([0.4, 0.3, 0.3, 0], [0, 0, 0.4, 0.6])).toBe(0);
    expect(gathered([0.3, 0.3, 0.4, 0], [0, 0, 1, 0])).toBe(1);
  });

  it("know what is no text by its id, but not a class by its number", () => {
    expect(pictureOf(answer).specials).toEqual(
      new Map([
        [4, "eos"],
        [13, "eos"],
      ]),
    );
    expect(pictureOf(answer, { verdict: true }).specials.size).toBe(0);
  });

  it("have no look where the model does not attend", () => {
    const blind = [events[0], tok(0, "I", 0, 0.9)].reduce<Answer>(withEvent, begunAnswer({ src: "나는" }));
    expect(pictureOf(blind).written[0].look).toBeUndefined();
  });
});
