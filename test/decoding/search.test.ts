import { describe, expect, it } from "vitest";
import type { Hypothesis } from "../../src/decoding/hypothesis.ts";
import { decode, type SearchProgress, search } from "../../src/decoding/search.ts";
import type { SearchOptions } from "../../src/decoding/search-options.ts";
import { type Script, Scripted } from "./scripted.ts";

const START = 1;
const END = 2;
const ids = { startId: START, endId: END };
const source = [[START, 3, END]];

/** What is written, as text: tokens, then `.` where the end was reached. */
const written = ({ tokens, finished }: Hypothesis) => `${tokens.join(" ")}${finished ? "." : ""}`;

async function found(script: Script, options: SearchOptions = {}, model = new Scripted(script)) {
  const [hypotheses] = await decode(model, source, { ...ids, ...options });
  return hypotheses.map(written);
}

const ALL = (beam: number): SearchOptions => ({ beam, nBest: beam });

/** Greedily `3 4.`, 0.6 · 0.55 · 1 = 0.33; the best is `5.`, 0.4 · 0.9 = 0.36. */
const MISLED: Script = {
  "": { 3: 0.6, 5: 0.4 },
  "3": { 4: 0.55, 5: 0.45 },
  "5": { 2: 0.9, 3: 0.1 },
  "3 4": { 2: 1 },
  "3 5": { 2: 1 },
  "5 3": { 2: 1 },
};

describe("greedy", () => {
  it("takes the likeliest token, though it leads astray", async () => {
    expect(await found(MISLED)).toEqual(["3 4."]);
  });

  it("takes the smaller of equals", async () => {
    expect(await found({ "": { 4: 0.5, 3: 0.5 }, "3": { 2: 0.5, 5: 0.5 } })).toEqual(["3."]);
  });

  it("ends at its first end, whatever the length penalty would like", async () => {
    const script = { "": { 2: 0.51, 3: 0.49 }, "3": { 2: 1 } };
    expect(await found(script, { lengthPenalty: "average", alpha: 3 })).toEqual(["."]);
  });

  it("is cut off at the greatest length", async () => {
    expect(await found(MISLED, { maxTokens: 2 })).toEqual(["3 4"]);
    expect(await found(MISLED, { maxTokens: 3 })).toEqual(["3 4."]);
  });

  it("tells the sum of log-probabilities, the end included", async () => {
    const [[{ score, penalisedScore }]] = await decode(new Scripted(MISLED), source, ids);
    expect(score).toBeCloseTo(Math.log(0.33), 6);
    expect(penalisedScore).toBe(score);
  });
});

describe("beam search", () => {
  it("finds what greedy search misses, best first", async () => {
    expect(await found(MISLED, ALL(2))).toEqual(["5.", "3 4."]);
  });

  it("asks for twice the candidates, and for no more than there are", async () => {
    const model = new Scripted(MISLED);
    await found(MISLED, ALL(2), model);
    expect(model.asked.map(({ wanted }) => wanted.top)).toEqual(model.asked.map(() => 4));
    const wide = new Scripted(MISLED);
    await found(MISLED, ALL(3), wide);
    expect(wide.asked[0].wanted.top).toBeUndefined();
  });

  it("prefers of equals the lower beam, then the smaller token", async () => {
    const script: Script = {
      "": { 3: 0.5, 4: 0.5 },
      "3": { 5: 0.5, 4: 0.5 },
      "4": { 3: 0.5, 5: 0.5 },
      "3 4": { 2: 1 },
      "3 5": { 2: 1 },
      "4 3": { 2: 1 },
      "4 5": { 2: 1 },
    };
    expect(await found(script, ALL(2))).toEqual(["3 4.", "3 5."]);
    expect(await found(script, ALL(4))).toEqual(["3 4.", "3 5.", "4 3.", "4 5."]);
  });

  it("looks at the first 2k candidates only", async () => {
    // Of five candidates four are looked at, so the end, the fifth, is not.
    const script: Script = {
      "": { 3: 0.3, 4: 0.25, 5: 0.2, 0: 0.15, 2: 0.1 },
      "3": { 2: 1 },
      "4": { 2: 1 },
    };
    expect(await found(script, ALL(2))).toEqual(["3.", "4."]);
    expect(await found({ ...script, "": { 3: 0.3, 4: 0.25, 5: 0.2, 0: 0.1, 2: 0.15 } }, ALL(2))).toEqual(["3.", "4."]);
  });

  it("goes on while the best live beam could still win over the penalty of the greatest length", async () => {
    // After two steps `.` and `3.` are finished, sums log 0.4 and log 0.3, and `3 4` is alive with log 0.3.
    const script: Script = {
      "": { 2: 0.4, 3: 0.6 },
      "3": { 2: 0.5, 4: 0.5 },
      "3 4": { 2: 1 },
    };
    const plain = new Scripted(script);
    expect(await found(script, ALL(2), plain)).toEqual([".", "3."]);
    expect(plain.asked).toHaveLength(2);
    const long = new Scripted(script);
    expect(await found(script, { ...ALL(2), lengthPenalty: "average", alpha: 1 }, long)).toEqual(["3 4.", "3."]);
    expect(long.asked).toHaveLength(3);
  });

  it("counts beams that are cut off only where fewer than k are finished", async () => {
    const script: Script = {
      "": { 2: 0.1, 3: 0.5, 4: 0.4 },
      "3": { 5: 1 },
      "4": { 5: 1 },
    };
    const options = { ...ALL(2), maxTokens: 2 };
    expect(await found(script, options)).toEqual(["3 5", "4 5"]);
    expect(await found({ ...script, "": { 2: 0.3, 3: 0.5, 4: 0.2 } }, options)).toEqual(["3 5", "."]);
    expect(await found({ "": { 2: 0.2, 3: 0.8 }, "3": { 2: 0.1, 5: 0.9 } }, options)).toEqual([".", "3."]);
  });

  it("gives fewer than were asked for where there are no more", async () => {
    expect(await found({ "": { 3: 1 }, "3": { 2: 1 } }, ALL(4))).toEqual(["3."]);
  });

  it("ranks by the length penalty that is named", async () => {
    const scoreOf = async (options: SearchOptions) => {
      const [[{ penalisedScore }]] = await decode(new Scripted(MISLED), source, { ...ids, ...options });
      return penalisedScore / Math.log(0.33);
    };
    expect(await scoreOf({ lengthPenalty: "wu", alpha: 0.6 })).toBeCloseTo((8 / 6) ** -0.6, 5);
    expect(await scoreOf({ lengthPenalty: "wu" })).toBeCloseTo((8 / 6) ** -0.6, 5);
    expect(await scoreOf({ lengthPenalty: "average", alpha: 0.5 })).toBeCloseTo(3 ** -0.5, 5);
    expect(await scoreOf({ lengthPenalty: "average" })).toBeCloseTo(1 / 3, 5);
    expect(await scoreOf({ lengthPenalty: "average", alpha: 0 })).toBeCloseTo(1, 5);
  });

  it("prefers what looked at the whole source, where coverage counts", async () => {
    const script: Script = { "": { 3: 0.55, 4: 0.45 }, "3": { 2: 1 }, "4": { 2: 1 } };
    const attention = { "": [0.5, 0.5], "3": [0.9, 0.1], "4": [0.5, 0.5] };
    const model = () => new Scripted(script, { attention });
    expect(await found(script, ALL(2), model())).toEqual(["3.", "4."]);
    const [[first, second]] = await decode(model(), source, { ...ids, ...ALL(2), coverage: 2 });
    expect([first, second].map(written)).toEqual(["4.", "3."]);
    // 1.4 of attention counts as 1, 0.6 as 0.6.
    expect(second.penalisedScore - second.score).toBeCloseTo(2 * Math.log(0.6), 5);
    expect(first.attention).toEqual([]);
    await expect(decode(new Scripted(script), source, { ...ids, coverage: 1 })).rejects.toThrow(/wants attention/);
  });

  it("keeps the attention of each step where asked to", async () => {
    const model = new Scripted({ "": { 3: 1 }, "3": { 2: 1 } }, { attention: { "": [1, 0], "3": [0.25, 0.75] } });
    const [[{ attention }]] = await decode(model, source, { ...ids, attention: true });
    expect(attention.map((step) => [...step["cross.0"].weights])).toEqual([
      [1, 0],
      [0.25, 0.75],
    ]);
  });
});

describe("rules", () => {
  const endless: Script = new Proxy({} as Script, {
    get: () => ({ 3: 0.5, 4: 0.3, 2: 0.2 }),
    has: (_, key) => key === "",
  });

  it("write no tokens in a row twice", async () => {
    expect(await found(endless, { maxTokens: 5 })).toEqual(["3 3 3 3 3"]);
    expect(await found(endless, { noRepeatNgram: 1 })).toEqual(["3 4."]);
    expect(await found(endless, { noRepeatNgram: 2 })).toEqual(["3 3 4 3."]);
    expect(await found(endless, { noRepeatNgram: 3, maxTokens: 4 })).toEqual(["3 3 3 4"]);
  });

  it("make what is written less likely", async () => {
    const [[plain]] = await decode(new Scripted(endless), source, { ...ids, maxTokens: 2 });
    expect(written(plain)).toBe("3 3");
    const [[{ tokens, score, penalisedScore }]] = await decode(new Scripted(endless), source, {
      ...ids,
      maxTokens: 4,
      repetitionPenalty: 2,
    });
    // log 0.5 doubled is log 0.25, below log 0.3; log 0.3 doubled is log 0.09.
    expect(tokens).toEqual([3, 4, 3, 3]);
    expect(score).toBeCloseTo(Math.log(0.5 * 0.3 * 0.5 * 0.5), 5);
    expect(penalisedScore).toBeCloseTo(Math.log(0.5 * 0.3 * 0.25 * 0.25), 5);
  });

  it("keep to a least and a greatest length, of all or relative to the source", async () => {
    const short: Script = new Proxy({} as Script, { get: () => ({ 3: 0.3, 2: 0.7 }), has: (_, key) => key === "" });
    expect(await found(short)).toEqual(["."]);
    expect(await found(short, { minTokens: 3 })).toEqual(["3 3."]);
    expect(await found(short, { minTokens: 9, maxTokens: 2 })).toEqual(["3."]);
    const sources = [
      [START, 4, END],
      [START, 4, 4, END],
    ];
    const lengths = async (options: SearchOptions) =>
      (await decode(new Scripted(short), sources, { ...ids, ...options })).map(([best]) => written(best));
    expect(await lengths({ minTokens: { times: 1.5, plus: 0.2 } })).toEqual(["3.", "3 3 3."]);
    expect(await lengths({ minTokens: 4, maxTokens: { times: 1, plus: 1 } })).toEqual(["3.", "3 3."]);
  });

  it("ask a constraint last, for each row", async () => {
    const seen: [number, string][] = [];
    const constraint: SearchOptions["constraint"] = (logProbabilities, { sentence, tokens }) => {
      seen.push([sentence, tokens.join(" ")]);
      logProbabilities[3] = Number.NEGATIVE_INFINITY;
    };
    expect(await found(MISLED, { constraint })).toEqual(["5."]);
    expect(seen).toEqual([
      [0, ""],
      [0, "5"],
    ]);
  });

  it("cut off what they leave nothing", async () => {
    const nothing: SearchOptions["constraint"] = (logProbabilities, { tokens }) => {
      if (tokens.length === 1) logProbabilities.fill(Number.NEGATIVE_INFINITY);
    };
    expect(await found(MISLED, { constraint: nothing })).toEqual(["3"]);
    expect(await found(MISLED, { ...ALL(2), constraint: nothing })).toEqual(["3", "5"]);
    expect(await found(MISLED, { sampling: {}, nBest: 2, constraint: nothing })).toHaveLength(2);
    const atOnce: SearchOptions["constraint"] = (logProbabilities) => logProbabilities.fill(Number.NEGATIVE_INFINITY);
    expect(await found(MISLED, { constraint: atOnce })).toEqual([""]);
  });
});

describe("a batch", () => {
  const short: Script = { "": { 2: 1 } };
  const scripts = { 1: MISLED, 7: short };

  it("is left by sentences that are over", async () => {
    const model = new Scripted(scripts);
    const written_ = await decode(model, [[7], [1], [7], [1]], { startId: START, endId: END });
    expect(written_.map(([best]) => written(best))).toEqual([".", "3 4.", ".", "3 4."]);
    expect(model.asked.map(({ parents, tokens }) => [parents, tokens])).toEqual([
      [
        [0, 1, 2, 3],
        [1, 1, 1, 1],
      ],
      [
        [1, 3],
        [3, 3],
      ],
      [
        [0, 1],
        [4, 4],
      ],
    ]);
  });

  it("has a row for each live beam", async () => {
    const model = new Scripted(scripts);
    await decode(model, [[7], [1]], { ...ids, beam: 2 });
    expect(model.asked.map(({ parents }) => parents)).toEqual([
      [0, 1],
      [1, 1],
      [0, 0],
    ]);
  });

  it("is left by a sentence that is ended by its signal, which changes nothing for the others", async () => {
    const model = new Scripted(scripts);
    const controller = new AbortController();
    const each = [{ signal: controller.signal }, {}];
    const steps = search(model, [[1], [1]], { ...ids, beam: 2, each });
    const ended: unknown[] = [];
    for await (const { step, ended: now } of steps) {
      ended.push(...now.map(({ sentence, hypotheses }) => [step, sentence, hypotheses.map(written)]));
      if (step === 1) controller.abort();
    }
    expect(ended).toEqual([
      [2, 0, []],
      [3, 1, ["5."]],
    ]);
    expect(model.asked.map(({ parents }) => parents)).toEqual([
      [0, 1],
      [1, 1],
      [0, 0],
    ]);
  });

  it("is over when all its sentences were ended", async () => {
    const model = new Scripted(MISLED);
    expect(await decode(model, source, { ...ids, each: [{ signal: AbortSignal.abort() }] })).toEqual([[]]);
    expect(model.asked).toEqual([]);
  });

  it("tells each sentence at the step that ends it", async () => {
    const told: unknown[] = [];
    for await (const { step, ended } of search(new Scripted(scripts), [[1], [7]], ids)) {
      told.push(...ended.map(({ sentence, hypotheses }) => [step, sentence, hypotheses.map(written)]));
    }
    expect(told).toEqual([
      [1, 1, ["."]],
      [3, 0, ["3 4."]],
    ]);
  });

  it("draws by the seed of each sentence, where it has one", async () => {
    const wide: Script = { "": { 3: 0.25, 4: 0.25, 5: 0.25, 2: 0.25 }, "3": { 2: 1 }, "4": { 2: 1 }, "5": { 2: 1 } };
    const seeds = [5, 6, 7, 8, 9, 10];
    const draw = async (seed: number) => (await found(wide, { sampling: { seed } }))[0];
    const alone = await Promise.all(seeds.map(draw));
    expect(new Set(alone).size).toBeGreaterThan(1);
    const each = seeds.map((seed) => ({ seed }));
    const sources = seeds.map(() => source[0]);
    const together = await decode(new Scripted(wide), sources, { ...ids, sampling: { seed: 1 }, each });
    expect(together.map(([best]) => written(best))).toEqual(alone);
    const some = await decode(new Scripted(wide), sources, { ...ids, sampling: { seed: 6 }, each: [{ seed: 5 }] });
    expect(some.map(([best]) => written(best))).toEqual([alone[0], ...seeds.slice(1).map(() => alone[1])]);
  });

  it("is joined by sentences that come between two steps", async () => {
    const model = new Scripted(scripts);
    const coming = [[], [[1], [7]], [[1]]];
    const arrivals = () => (coming.shift() ?? []).map((one) => ({ source: one }));
    const told: unknown[] = [];
    for await (const { step, ended, drafts } of search(model, [[7], [1]], { ...ids, arrivals })) {
      told.push([step, drafts.map(({ sentence }) => sentence)]);
      told.push(...ended.map(({ sentence, hypotheses }) => [step, sentence, hypotheses.map(written)]));
    }
    expect(told).toEqual([
      [1, [0, 1]],
      [1, 0, ["."]],
      [2, [1]],
      [3, [1, 2, 3]],
      [3, 1, ["3 4."]],
      [3, 3, ["."]],
      [4, [2, 4]],
      [5, [2, 4]],
      [5, 2, ["3 4."]],
      [6, [4]],
      [6, 4, ["3 4."]],
    ]);
    expect(model.asked.slice(2, 4).map(({ parents, tokens }) => [parents, tokens])).toEqual([
      [
        [0, 1, 2],
        [4, 1, 1],
      ],
      [
        [1, 3],
        [3, 1],
      ],
    ]);
  });

  it("is joined by nobody where the model is not made for it", async () => {
    const model = new Scripted(scripts);
    const begin = model.begin.bind(model);
    model.begin = async (sources) => ({ ...(await begin(sources)), join: undefined as never });
    const steps = search(model, [[1]], { ...ids, arrivals: () => [{ source: [1] }] });
    await steps.next();
    await expect(steps.next()).rejects.toThrow("arrivals: this model is not compiled for joining");
  });

  it("may be empty", async () => {
    expect(await decode(new Scripted(MISLED), [], ids)).toEqual([]);
  });
});

describe("what is known after each step", () => {
  async function steps(options: SearchOptions) {
    const progress: SearchProgress[] = [];
    for await (const step of search(new Scripted(MISLED), source, { ...ids, ...options })) progress.push(step);
    return progress.map(({ step, drafts: [{ tokens, certain, over }] }) => [step, tokens.join(" "), certain, over]);
  }

  it("is greedily what is written", async () => {
    expect(await steps({})).toEqual([
      [1, "3", 1, false],
      [2, "3 4", 2, false],
      [3, "3 4", 2, true],
    ]);
  });

  it("is of beams the best so far, certain where all agree", async () => {
    expect(await steps({ beam: 2 })).toEqual([
      [1, "3", 0, false],
      [2, "5", 0, false],
      [3, "5", 1, true],
    ]);
  });

  it("can be stopped", async () => {
    const controller = new AbortController();
    const model = new Scripted(MISLED);
    const steps_ = search(model, source, { ...ids, signal: controller.signal });
    await steps_.next();
    controller.abort(new Error("enough"));
    await expect(steps_.next()).rejects.toThrow("enough");
    expect(model.asked).toHaveLength(1);
    const stopped = { ...ids, signal: AbortSignal.abort(new Error("never")) };
    await expect(decode(model, source, stopped)).rejects.toThrow("never");
    expect(model.asked).toHaveLength(1);
  });
});

describe("options that do not fit", () => {
  it.each([
    [{ beam: 0 }, /^beam: .*, not 0$/],
    [{ beam: 1.5 }, /^beam: /],
    [{ nBest: 3, beam: 2 }, "nBest: must not be more than beam, not 3"],
    [{ beam: 2, sampling: {} }, "beam: must be 1 where tokens are drawn, not 2"],
    [{ alpha: 0.6 }, "alpha: wants a lengthPenalty, not 0.6"],
    [{ lengthPenalty: "wu" as const, alpha: -1 }, /^alpha: /],
    [{ sampling: { topP: 0 } }, /^sampling.topP: .*, not 0$/],
    [{ sampling: { temperature: Number.NaN } }, /^sampling.temperature: /],
    [{ sampling: { topk: 3 } as object }, "sampling.topk: there is no such option"],
    [{ maxTokens: 0 }, /^maxTokens: .*, not 0$/],
    [{ maxTokens: "3" } as object, 'maxTokens: must be a whole number from 1, or { times, plus }, not "3"'],
    [{ repetitionPenalty: 0.5 }, /^repetitionPenalty: /],
    [{ beams: 2 } as object, "beams: there is no such option"],
    [{ constraint: 3 } as object, "constraint: must be a function, not 3"],
  ])("%j", async (options, message) => {
    const outcome = decode(new Scripted(MISLED), source, { ...ids, ...options });
    await expect(outcome).rejects.toThrow(expect.objectContaining({ name: "SearchOptionsError" }));
    await expect(outcome).rejects.toThrow(message);
  });
});
