import { beforeAll, describe, expect, it } from "vitest";
import { Responder } from "../../src/decoding/responder.ts";
import { randomClassifier, SENTENCES } from "../formats/small-models.ts";
import { testEngine } from "../numeric/check-gradients.ts";
import { ENDLESS, patient, rest, stream } from "./endless.ts";
import { type Reply, serveModel, type TestServer, until } from "./running.ts";

const model = patient();
let server: TestServer;

beforeAll(async () => {
  const running = await serveModel(model);
  await running.ready;
  server = running;
});

/** Keeps the only worker busy until so many texts wait that are asked for meanwhile. */
async function together<T>(waiting: number, asked: () => Promise<T>[]): Promise<T[]> {
  const { leave } = await stream(server.url, { text: "오늘", ...ENDLESS });
  const replies = asked();
  await until(async () => (await server.metric("jumok_queue_texts")) === waiting);
  leave();
  return Promise.all(replies);
}

/** What batches there were while something was done: how many, of how many texts together. */
async function batchesOf(act: () => Promise<unknown>): Promise<{ count: number; texts: number }> {
  const counted = async () => ({
    count: await server.metric("jumok_batch_texts_count"),
    texts: await server.metric("jumok_batch_texts_sum"),
  });
  const before = await counted();
  await act();
  const after = await counted();
  return { count: after.count - before.count, texts: after.texts - before.texts };
}

const chat = (body: object) => server.ask("/v1/chat", { body: { maxTokens: 30, ...body } });
const answerOf = ({ json: { answer, tokens, finished } }: Reply) => ({ answer, tokens, finished });

describe("texts that wait together", () => {
  const texts = SENTENCES.slice(0, 12);

  it("run together, and are answered as they are one by one", async () => {
    const alone: Reply[] = [];
    for (const text of texts) alone.push(await chat({ text }));
    let replies: Reply[] = [];
    const batches = await batchesOf(async () => {
      replies = await together(texts.length, () => texts.map((text) => chat({ text })));
    });
    expect(batches).toEqual({ count: 2, texts: texts.length + 1 }); // the endless one had a batch of its own
    expect(replies.map(answerOf)).toEqual(alone.map(answerOf));
    for (const [i, { json }] of replies.entries()) expect(json.score).toBeCloseTo(alone[i].json.score, 4);
    expect(new Set(replies.map(({ json }) => json.answer)).size).toBeGreaterThan(4);
  });

  it("join others that are under way, and are answered as alone", async () => {
    const search = { minTokens: { times: 1 }, maxTokens: { times: 2, plus: 2 } };
    const alone: Reply[] = [];
    for (const text of texts) alone.push(await chat({ text, ...search }));
    const long = await stream(server.url, {
      text: Array(400).fill("오늘").join(" "),
      ...search,
    });
    const steps = await server.metric("jumok_steps_total");
    // One by one, though the only worker is busy all the time.
    for (const [i, text] of texts.slice(0, 4).entries()) {
      expect(answerOf(await chat({ text, ...search }))).toEqual(answerOf(alone[i]));
    }
    const replies = await Promise.all(texts.map((text) => chat({ text, ...search })));
    expect(replies.map(answerOf)).toEqual(alone.map(answerOf));
    expect(await server.metric("jumok_busy_workers")).toBe(1);
    expect(await server.metric("jumok_steps_total")).toBeGreaterThan(steps);
    expect(await server.metric("jumok_queue_texts")).toBe(0);
    long.leave();
    await until(async () => (await server.metric("jumok_busy_workers")) === 0);
  });

  it("wait where there is no room to join, and let nobody pass", async () => {
    const narrow = await serveModel(model, { limits: { rows: 2 } });
    await narrow.ready;
    const ask = (body: object) => narrow.ask("/v1/chat", { body: { ...ENDLESS, ...body } });
    const first = await stream(narrow.url, { text: "오늘", ...ENDLESS });
    const second = await stream(narrow.url, { text: "커피", ...ENDLESS });
    const order: string[] = [];
    const told = (name: string) => (reply: Reply) => void order.push(`${name} ${reply.status}`);
    const third = ask({ text: "영화", minTokens: 1, maxTokens: 3 }).then(told("other search"));
    await until(async () => (await narrow.metric("jumok_queue_texts")) === 1);
    const fourth = stream(narrow.url, { text: "영화", ...ENDLESS });
    await until(async () => (await narrow.metric("jumok_queue_texts")) === 2);
    first.leave();
    // There is room now, but who is first in line can only begin when the batch is over.
    await until(async () => (await narrow.metric("jumok_texts_total", { outcome: "stopped" })) === 1);
    expect(await narrow.metric("jumok_queue_texts")).toBe(2);
    second.leave();
    await third;
    expect(order).toEqual(["other search 200"]);
    (await fourth).leave();
    await until(async () => (await narrow.metric("jumok_busy_workers")) === 0);
  });

  it("are answered in eight bits where that is wanted", async () => {
    const eight = await serveModel(model, { precision: "int8" });
    await eight.ready;
    const responder = await Responder.compile(await testEngine(), model, { precision: "int8" });
    const [text] = texts;
    const [expected] = await responder.answerAll([text], { maxTokens: 9 });
    const { json } = await eight.ask("/v1/chat", { body: { text, maxTokens: 9 } });
    expect(json.answer).toBe(expected.answer);
    expect(json.score).toBeCloseTo(expected.score, 5);
    expect(Math.abs(json.score - (await chat({ text, maxTokens: 9 })).json.score)).toBeGreaterThan(1e-5);
    await responder.release();
  });

  it("are answered as the library does", async () => {
    const responder = await Responder.compile(await testEngine(), model);
    const options = { beam: 3, nBest: 2, lengthPenalty: "wu", maxTokens: 9 } as const;
    const expected = await responder.answerAll(texts, options);
    const { results } = (await chat({ texts, ...options })).json;
    expect(results.map(({ answer }: { answer: string }) => answer)).toEqual(expected.map(({ answer }) => answer));
    for (const [i, { nBest }] of results.entries()) {
      for (const [j, { tokens, score, penalisedScore, finished }] of expected[i].nBest!.entries()) {
        expect(nBest[j]).toMatchObject({ tokens, finished });
        expect(nBest[j].score).toBeCloseTo(score, 4);
        expect(nBest[j].penalisedScore).toBeCloseTo(penalisedScore, 4);
      }
    }
    await responder.release();
  });

  it("stream each to its own client", async () => {
    const alone: string[] = [];
    for (const text of texts.slice(0, 4)) alone.push((await chat({ text })).json.answer);
    const batches = await batchesOf(async () => {
      const streams = await together(4, () =>
        texts.slice(0, 4).map(async (text) => rest(await stream(server.url, { text, maxTokens: 30 }))),
      );
      expect(streams.map(({ text }) => text)).toEqual(alone);
      const whole = streams.map(({ last }) => [last.event, JSON.parse(last.data).answer]);
      expect(whole).toEqual(alone.map((answer) => ["done", answer]));
    });
    expect(batches).toEqual({ count: 2, texts: 5 });
  });

  it("share no batch where they are searched for differently", async () => {
    const ask = () => [{}, { beam: 2 }, {}, { beam: 2 }].map((search) => chat({ text: "커피", ...search }));
    expect(await batchesOf(() => together(4, ask))).toEqual({ count: 3, texts: 5 });
  });

  it("share a batch where only the seeds of their draws differ, and draw as alone", async () => {
    const bodies = [1, 2, 3, 4].map((seed) => ({ text: "커피", maxTokens: 8, sampling: { temperature: 3, seed } }));
    const alone: Reply[] = [];
    for (const body of bodies) alone.push(await chat(body));
    let replies: Reply[] = [];
    const batches = await batchesOf(async () => {
      replies = await together(4, () => bodies.map(chat));
    });
    expect(batches).toEqual({ count: 2, texts: 5 });
    expect(replies.map(answerOf)).toEqual(alone.map(answerOf));
    expect(new Set(replies.map(({ json }) => json.answer)).size).toBeGreaterThan(1);
  });

  it("have no part in what is wrong with another", async () => {
    const [good, bad, other] = await together(3, () => ["커피", "", "영화"].map((text) => chat({ text })));
    expect([good.status, bad.status, other.status]).toEqual([200, 422, 200]);
    expect(bad.json.error).toMatchObject({ code: "text_not_readable", message: "the text is empty", param: "text" });
    const { status, json } = await chat({ texts: ["커피", " "] });
    expect({ status, json }).toMatchObject({ status: 422, json: { error: { param: "texts.1" } } });
  });
});

describe("a limit of one row", () => {
  it("makes every text run alone", async () => {
    const lonely = await serveModel(model, { limits: { rows: 1 } });
    await lonely.ready;
    const { json } = await lonely.ask("/v1/chat", { body: { texts: SENTENCES.slice(0, 5), maxTokens: 4 } });
    expect(json.results).toHaveLength(5);
    expect(await lonely.metric("jumok_batch_texts_count")).toBe(5);
  });
});

describe("a classifier", () => {
  it("judges texts together as one by one", async () => {
    const judge = await serveModel(randomClassifier({}, ["good", "bad", "neither"]));
    await judge.ready;
    const texts = SENTENCES.slice(0, 9);
    const { results } = (await judge.ask("/v1/classify", { body: { texts, attention: true } })).json;
    expect(await judge.metric("jumok_batch_texts_count")).toBe(1);
    for (const [i, text] of texts.entries()) {
      const { json } = await judge.ask("/v1/classify", { body: { text, attention: true } });
      expect(results[i]).toMatchObject({ input: text, label: json.label });
      for (const label of ["good", "bad", "neither"]) {
        expect(results[i].probabilities[label]).toBeCloseTo(json.probabilities[label], 5);
      }
      expect(json.attention.map(({ word }: { word: string }) => word).join(" ")).toBe(text);
      const total = json.attention.reduce((sum: number, { weight }: { weight: number }) => sum + weight, 0);
      expect(total).toBeCloseTo(1, 5);
    }
    expect((await judge.ask("/v1/classify", { body: { text: "오늘" } })).json).not.toHaveProperty("attention");
  });
});
