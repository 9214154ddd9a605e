import OpenAI, { APIError } from "openai";
import { beforeAll, describe, expect, it } from "vitest";
import { randomClassifier, randomSeq2Seq } from "../formats/small-models.ts";
import { serveInference, serveModel, type TestServer } from "./running.ts";
import { CHAT, forever, ScriptedInference } from "./scripted-inference.ts";

const TOKEN = "a secret of this test";
let server: TestServer;
let client: OpenAI;

beforeAll(async () => {
  const running = await serveModel(randomSeq2Seq(), { token: TOKEN, name: "chatbot", limits: { text: 200 } });
  await running.ready;
  server = running;
  client = clientOf(server.url);
});

function clientOf(url: string, apiKey = TOKEN): OpenAI {
  return new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });
}

const headers = { authorization: `Bearer ${TOKEN}` };
const chat = async (body: object) => (await server.ask("/v1/chat", { headers, body })).json;
const user = (content: string) => ({ role: "user" as const, content });
const ask = { model: "chatbot", messages: [user("오늘 영화 볼래?")] };

describe("OpenAI's own client", () => {
  it("lists the model", async () => {
    const models = [];
    for await (const model of await client.models.list()) models.push(model);
    expect(models).toEqual([{ id: "chatbot", object: "model", created: expect.any(Number), owned_by: "jumok" }]);
  });

  it("retrieves the model by its name", async () => {
    const [listed] = (await client.models.list()).data;
    expect(await client.models.retrieve("chatbot")).toEqual(listed);
  });

  it("is answered as /v1/chat answers the last message of the user", async () => {
    const { answer, tokens, finished } = await chat({ text: "오늘 영화 볼래?" });
    const completion = await client.chat.completions.create({
      model: "whatever-it-is-called",
      messages: [
        { role: "system", content: "Be kind." },
        user("커피?"),
        { role: "assistant", content: "좋아요" },
        ...ask.messages,
      ],
      user: "somebody",
    });
    expect(completion).toMatchObject({ object: "chat.completion", model: "chatbot" });
    expect(completion.choices).toEqual([
      {
        index: 0,
        message: { role: "assistant", content: answer, refusal: null },
        logprobs: null,
        finish_reason: finished ? "stop" : "length",
      },
    ]);
    const { prompt_tokens, completion_tokens, total_tokens } = completion.usage!;
    expect(completion_tokens).toBe(tokens.length + (finished ? 1 : 0));
    expect(total_tokens).toBe(prompt_tokens + completion_tokens);
    const inParts = [
      { type: "text" as const, text: "오늘 영화" },
      { type: "text" as const, text: "볼래?" },
    ];
    const same = await client.chat.completions.create({ ...ask, messages: [{ role: "user", content: inParts }] });
    expect(same.choices[0].message.content).toBe(answer);
  });

  it("reads a stream that makes up the same answer", async () => {
    const whole = await client.chat.completions.create(ask);
    const stream = await client.chat.completions.create({
      ...ask,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? "").join("")).toBe(
      whole.choices[0].message.content,
    );
    expect(chunks[0].choices[0].delta).toEqual({ role: "assistant", content: "" });
    expect(chunks.at(-2)!.choices[0]).toMatchObject({ delta: {}, finish_reason: whole.choices[0].finish_reason });
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: whole.usage });
    expect(new Set(chunks.map(({ id, object, model }) => [id, object, model].join())).size).toBe(1);
    expect(chunks.length).toBeGreaterThan(4);
    const helper = client.chat.completions.stream(ask);
    expect((await helper.finalChatCompletion()).choices[0].message.content).toBe(whole.choices[0].message.content);
  });

  it("says how the answer is searched for", async () => {
    const cut = await client.chat.completions.create({ ...ask, max_tokens: 3 });
    expect(cut).toMatchObject({ usage: { completion_tokens: 3 }, choices: [{ finish_reason: "length" }] });
    const beams = await client.chat.completions.create({ ...ask, n: 3, max_completion_tokens: 8 });
    const { nBest } = await chat({ text: "오늘 영화 볼래?", beam: 3, nBest: 3, maxTokens: 8 });
    expect(beams.choices.map(({ message }) => message.content)).toEqual(
      nBest.map(({ answer }: { answer: string }) => answer),
    );
    expect(beams.choices.map(({ index }) => index)).toEqual([0, 1, 2]);
    const draw = (seed?: number) =>
      client.chat.completions.create({ ...ask, temperature: 2, top_p: 0.9, seed, max_tokens: 12 });
    const text = async (seed?: number) => (await draw(seed)).choices[0].message.content;
    const sampling = { temperature: 2, topP: 0.9, seed: 5 };
    expect(await text(5)).toBe((await chat({ text: "오늘 영화 볼래?", sampling, maxTokens: 12 })).answer);
    expect(await text(-5)).toBe(await text(5));
    const drawn = await Promise.all(Array.from({ length: 8 }, () => text()));
    expect(new Set(drawn).size).toBeGreaterThan(1);
    const greedy = await client.chat.completions.create({ ...ask, temperature: 0, top_p: 0.5 });
    expect(greedy.choices[0].message.content).toBe((await chat({ text: "오늘 영화 볼래?" })).answer);
  });

  it("passes over fields that ask for nothing", async () => {
    const completion = await client.chat.completions.create({
      ...ask,
      stop: null,
      logprobs: false,
      frequency_penalty: 0,
      presence_penalty: 0,
      response_format: { type: "text" },
      tools: [],
      store: false,
      metadata: { a: "b" },
      temperature: null,
    });
    expect(completion.choices).toHaveLength(1);
  });
});

describe("OpenAI's own client is told", () => {
  const failing = async (request: Promise<unknown>): Promise<APIError> => {
    const error = await request.then(() => undefined).catch((reason: unknown) => reason);
    if (error instanceof APIError) return error;
    throw new Error(`expected an error of the API, got ${error}`);
  };
  const create = (body: object) => client.chat.completions.create({ ...ask, ...body } as typeof ask);

  it.each<[object, string]>([
    [{ tools: [{ type: "function", function: { name: "f" } }] }, "tools"],
    [{ response_format: { type: "json_object" } }, "response_format"],
    [{ stop: ["."] }, "stop"],
    [{ logprobs: true }, "logprobs"],
    [{ presence_penalty: 0.5 }, "presence_penalty"],
    [{ logit_bias: { 5: 1 } }, "logit_bias"],
    [{ stream: true, n: 2 }, "n"],
    [{ messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "x" } }] }] }, "messages"],
  ])("what this server cannot do: %j", async (body, param) => {
    expect(await failing(create(body))).toMatchObject({ status: 400, code: "unsupported_parameter", param });
  });

  it.each<[object, number, string]>([
    [{ messages: [] }, 422, "messages"],
    [{ messages: [{ role: "assistant", content: "안녕" }] }, 422, "messages"],
    [{ messages: [user("a".repeat(201))] }, 422, "messages"],
    [{ messages: [{ role: "robot", content: "a" }] }, 400, "messages.0.role"],
    [{ messages: "a" }, 400, "messages"],
    [{ temperature: "hot" }, 400, "temperature"],
    [{ temperature: -1 }, 422, "temperature"],
    [{ n: 17 }, 422, "n"],
    [{ max_tokens: 0 }, 422, "max_tokens"],
  ])("what is wrong with its request: %j", async (body, status, param) => {
    expect(await failing(create(body))).toMatchObject({ status, param });
  });

  it("of a model that is not there", async () => {
    expect(await failing(client.models.retrieve("gpt/5"))).toMatchObject({
      ...{ status: 404, code: "model_not_found", type: "invalid_request_error", param: "id" },
      message: expect.stringContaining("this server has chatbot"),
    });
  });

  it("of a wrong key, and of a model of another kind", async () => {
    expect(await failing(clientOf(server.url, "wrong").models.list())).toMatchObject({
      status: 401,
      code: "unauthorized",
      type: "authentication_error",
    });
    const judge = await serveModel(randomClassifier({ model: "bag" }, ["a", "b"]));
    await judge.ready;
    expect(await failing(clientOf(judge.url).chat.completions.create(ask))).toMatchObject({
      status: 409,
      code: "wrong_model",
    });
  });

  it("of what goes wrong in the middle of a stream", async () => {
    let parts = 0;
    const stuck = new ScriptedInference(CHAT, (signal) => (parts++ < 2 ? Promise.resolve() : forever(signal)));
    const { url } = await serveInference(stuck, { limits: { seconds: 0.1 } });
    const stream = await clientOf(url).chat.completions.create({ ...ask, stream: true });
    const read: unknown[] = [];
    const error = await failing(
      (async () => {
        for await (const { choices } of stream) read.push(choices[0].delta.content);
      })(),
    );
    expect(read).toEqual(["", "answer", "오늘"]);
    expect(error).toMatchObject({ code: "timeout" });
  });
});
