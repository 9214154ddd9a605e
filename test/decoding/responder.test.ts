import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, Responder } from "../../src/decoding/responder.ts";
import type { SearchOptions } from "../../src/decoding/search-options.ts";
import { Transformer } from "../../src/models/transformer.ts";
import { FlatValues, initialize, Layout } from "../../src/runtime/parameters.ts";
import { Tokenizer } from "../../src/text/tokenizer.ts";
import { testEngine } from "../numeric/check-gradients.ts";

const tokenizer = Tokenizer.train(["오늘 뭐 해? 영화 볼래! 커피 😀 마실까"], {
  vocabularySize: 400,
  minimumFrequency: 1,
});
let responder: Responder;

beforeAll(async () => {
  const { vocabularySize } = tokenizer;
  const model = new Transformer({
    vocabularySize,
    numLayers: 1,
    dModel: 16,
    numHeads: 2,
    dFeedForward: 24,
    dropout: 0,
    maxLength: 12,
  });
  const weights = new FlatValues(new Layout(model.parameters()));
  initialize(weights, model.parameters(), 1);
  for (const i of weights.of("output.weight").keys()) weights.of("output.weight")[i] *= 3;
  responder = await Responder.compile(await testEngine(), { model, weights, tokenizer });
});
afterAll(() => responder.release());

async function streamed(text: string, options?: SearchOptions): Promise<{ parts: string[]; answer: Answer }> {
  const parts: string[] = [];
  const stream = responder.stream(text, options);
  for (;;) {
    const { done, value } = await stream.next();
    if (done === true) return { parts, answer: value };
    parts.push(value);
  }
}

describe("a responder", () => {
  it("gives the best answer, and others where asked for", async () => {
    const options = { beam: 3, nBest: 3, lengthPenalty: "wu" } as const;
    const [first, second] = await responder.answerAll(["영화 볼래", "오늘"], options);
    expect(first.nBest).toHaveLength(3);
    expect(first.nBest![0]).toEqual({ ...first.nBest![0], answer: first.answer, score: first.score });
    expect((await responder.answer("오늘", options)).nBest!.map(({ answer }) => answer)).toEqual(
      second.nBest!.map(({ answer }) => answer),
    );
    expect(await responder.answer("오늘")).not.toHaveProperty("nBest");
  });

  it("tells attention only where asked to", async () => {
    expect((await responder.answer("영화 볼래")).attention).toEqual([]);
    const { attention, tokens, finished } = await responder.answer("영화 볼래", { attention: true });
    expect(attention).toHaveLength(tokens.length + (finished ? 1 : 0));
  });

  it.each<[string, SearchOptions | undefined]>([
    ["greedily", undefined],
    ["with beams", { beam: 3 }],
    ["drawn", { sampling: { temperature: 2, seed: 2 } }],
    ["drawn several times", { sampling: { temperature: 2 }, nBest: 3 }],
  ])("streams parts that make up the answer, %s", async (_, options) => {
    const { parts, answer } = await streamed("영화 볼래", options);
    const whole = await responder.answer("영화 볼래", options);
    expect(parts.join("")).toBe(whole.answer);
    expect(parts).not.toContain("");
    expect({ ...answer, milliseconds: 0 }).toEqual({ ...whole, milliseconds: 0 });
  });

  it("streams before the end, and stops when told to", async () => {
    const { parts } = await streamed("영화 볼래", { minTokens: 9 });
    expect(parts.length).toBeGreaterThan(2);
    const controller = new AbortController();
    const stream = responder.stream("영화 볼래", { minTokens: 9, signal: controller.signal });
    expect((await stream.next()).value).toBe(parts[0]);
    controller.abort(new Error("enough"));
    await expect(stream.next()).rejects.toThrow("enough");
  });

  it("answers several texts in one batch, each when it is written, in parts where asked to", async () => {
    const texts = ["영화 볼래", "오늘", "커피 마실까 😀"];
    const options = { minTokens: { times: 1, plus: 2 } };
    const parts: Record<number, string> = {};
    const answers: Record<number, Answer> = {};
    const requests = texts.map((text, at) => ({ text, at, parts: at !== 1 }));
    for await (const news of responder.progress(requests, options)) {
      for (const { request, ...one } of news) {
        expect(answers).not.toHaveProperty(String(request.at));
        if ("answer" in one) answers[request.at] = one.answer;
        else if ("part" in one) parts[request.at] = (parts[request.at] ?? "") + one.part;
      }
    }
    const whole = await responder.answerAll(texts, options);
    for (const [i, answer] of whole.entries()) {
      expect({ ...answers[i], milliseconds: 0 }).toEqual({ ...answer, milliseconds: 0 });
    }
    expect(parts).toEqual({ 0: whole[0].answer, 2: whole[2].answer });
  });

  it("gives up a single text of a batch", async () => {
    const controller = new AbortController();
    const requests = [{ text: "영화 볼래", parts: true, signal: controller.signal }, { text: "오늘" }];
    const answered: string[] = [];
    for await (const news of responder.progress(requests, { minTokens: 9 })) {
      controller.abort();
      for (const one of news) if ("answer" in one) answered.push(one.request.text);
    }
    expect(answered).toEqual(["오늘"]);
  });
});
