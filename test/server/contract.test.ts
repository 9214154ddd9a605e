import { Validator } from "@seriousme/openapi-schema-validator";
import Ajv2020 from "ajv/dist/2020.js";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { QueueFullError } from "../../src/server/inference.ts";
import { randomClassifier, randomSeq2Seq } from "../formats/small-models.ts";
import { type Question, type Reply, serveInference, serveModel, type TestServer } from "./running.ts";
import { CHAT, forever, ScriptedInference } from "./scripted-inference.ts";

// biome-ignore lint/suspicious/noExplicitAny: the document, of whatever shape it has
type Json = any;

const TOKEN = "a secret of this test";
let writer: TestServer;
let judge: TestServer;
let documented: Json;
const ajv = new Ajv2020.Ajv2020({ strict: false, allErrors: true });

beforeAll(async () => {
  const [writing, judging] = await Promise.all([
    serveModel(randomSeq2Seq(), { limits: { body: 2000, text: 500, texts: 3, beams: 4 } }),
    serveModel(randomClassifier({}, ["good", "bad"]), { limits: { body: 2000 } }),
  ]);
  await Promise.all([writing.ready, judging.ready]);
  [writer, judge] = [writing, judging];
  documented = (await writer.ask("/openapi.json")).json;
  ajv.addSchema({ $id: "document", ...documented });
});

const validatorOf = (pointer: string) => ajv.compile({ $ref: `document#${pointer}` });

/** Good requests, by path. */
const GOOD: Readonly<Record<string, object>> = {
  "/v1/chat": { text: "오늘 영화 볼래?", beam: 3, nBest: 2, lengthPenalty: "wu" },
  "/v1/translate": { texts: ["커피", "내일 날씨"], sampling: { temperature: 0.5, seed: 3 } },
  "/v1/classify": { text: "오늘 커피 좋아요", attention: true },
  "/v1/attention": { text: "오늘 영화" },
  "/v1/chat/completions": { model: "any", messages: [{ role: "user", content: "커피 마실까?" }], n: 2 },
};

/** Requests whose values cannot be taken, by path. */
const UNREADABLE: Readonly<Record<string, object>> = {
  ...Object.fromEntries(Object.keys(GOOD).map((path) => [path, { text: "" }])),
  "/v1/chat/completions": { model: "any", messages: [{ role: "assistant", content: "안녕" }] },
};

const failing = (error: Error) => new ScriptedInference(CHAT, () => Promise.reject(error));
const scripted = (inference: ScriptedInference, seconds = 30) => serveInference(inference, { limits: { seconds } });

/** How each documented status comes about. */
const WAYS: Readonly<Record<string, (path: string, question: Question) => Promise<Reply>>> = {
  200: (path, question) => (path === "/v1/classify" ? judge : writer).ask(path, question),
  400: (path) => writer.ask(path, { body: { text: 5 } }),
  401: async (path, question) => {
    const { ask } = await serveInference(new ScriptedInference(), { token: TOKEN });
    return ask(path, question);
  },
  403: (path, question) => writer.ask(path, { ...question, headers: { host: "rebound.example" } }),
  404: (path) => writer.ask(path.replace(/small$/, "another")),
  409: (path, question) => (path === "/v1/classify" ? writer : judge).ask(path, question),
  413: (path) => writer.ask(path, { body: { text: "가".repeat(2000) } }),
  415: (path) => writer.ask(path, { body: "text=a", headers: { "content-type": "text/plain" } }),
  422: (path) => (path === "/v1/classify" ? judge : writer).ask(path, { body: UNREADABLE[path] }),
  429: async (path, question) => {
    const classify = path === "/v1/classify";
    const inference = new ScriptedInference(classify ? { ...CHAT, task: "classify" } : CHAT);
    inference.submit = () => {
      throw new QueueFullError("3 texts are waiting, and at most 3 may; try again in a moment");
    };
    return (await scripted(inference)).ask(path, question);
  },
  500: async (path, question) => {
    const inference = failing(new Error("a secret detail"));
    if (path === "/v1/classify") inference.model = { ...CHAT, task: "classify" };
    return (await scripted(inference)).ask(path, question);
  },
  503: async (path, question) => {
    const { ask, serving } = await scripted(new ScriptedInference());
    serving.draining = true;
    return ask(path, question);
  },
  504: async (path, question) => {
    const inference = new ScriptedInference(path === "/v1/classify" ? { ...CHAT, task: "classify" } : CHAT, forever);
    return (await scripted(inference, 0.02)).ask(path, question);
  },
};

describe("the OpenAPI document", () => {
  it("is one", async () => {
    expect(await new Validator().validate(documented)).toEqual({ valid: true });
    expect(documented.openapi).toBe("3.1.1");
  });

  it("has the same operations as ever", () => {
    const operations = Object.entries<Json>(documented.paths).map(
      ([path, methods]) => `${Object.keys(methods)} ${path}`,
    );
    expect(operations.sort()).toEqual([
      "get /health",
      "get /metrics",
      "get /openapi.json",
      "get /ready",
      "get /v1/model",
      "get /v1/models",
      "get /v1/models/{id}",
      "post /v1/attention",
      "post /v1/chat",
      "post /v1/chat/completions",
      "post /v1/classify",
      "post /v1/translate",
    ]);
  });

  it("is kept in every answer: each status can come about, and is as it says", async () => {
    for (const [path, methods] of Object.entries<Json>(documented.paths)) {
      for (const [method, { responses }] of Object.entries<Json>(methods)) {
        for (const [status, { content, headers = {} }] of Object.entries<Json>(responses)) {
          const what = `${method} ${path} ${status}`;
          const asked = path.replace("{id}", "small");
          const reply = await WAYS[status](asked, method === "post" ? { body: GOOD[path] } : {});
          expect(`${method} ${path} ${reply.status}`, reply.text).toBe(what);
          const [type] = (reply.headers["content-type"] ?? "").split(";");
          expect(Object.keys(content), what).toContain(type);
          for (const name of Object.keys(headers)) expect(reply.headers, what).toHaveProperty(name.toLowerCase());
          const escaped = encodeURIComponent(path.replaceAll("/", "~1"));
          const pointer = `/paths/${escaped}/${method}/responses/${status}/content/${type.replace("/", "~1")}/schema`;
          const valid = validatorOf(pointer);
          expect(
            valid(type === "application/json" ? reply.json : reply.text),
            `${what}: ${ajv.errorsText(valid.errors)}`,
          ).toBe(true);
        }
      }
    }
  });

  it("tells nothing of what went wrong inside", async () => {
    const server = await scripted(failing(new Error("a secret detail")));
    const { text } = await server.ask("/v1/chat", { body: { text: "a" } });
    expect(text).not.toContain("secret");
    expect(server.events).toContainEqual(expect.objectContaining({ type: "error", message: "a secret detail" }));
  });

  it("allows every request that is answered, and forbids none that is", async () => {
    const server = await serveInference(new ScriptedInference(), { limits: { text: 20, texts: 3, beams: 4 } });
    const document = (await server.ask("/openapi.json")).json;
    const own = new Ajv2020.Ajv2020({ strict: false });
    own.addSchema({ $id: "own", ...document });
    const valid = own.compile({ $ref: "own#/components/schemas/ChatRequest" });
    const numbers = fc.oneof(fc.integer({ min: -1, max: 6 }), fc.double({ min: -1, max: 2, noNaN: true }));
    const lengths = fc.oneof(numbers, fc.record({ times: numbers, plus: numbers }, { requiredKeys: [] }));
    const values: Record<string, fc.Arbitrary<unknown>> = {
      text: fc.string({ maxLength: 25 }),
      texts: fc.array(fc.string(), { maxLength: 4 }),
      ...Object.fromEntries(
        ["beam", "nBest", "alpha", "coverage", "noRepeatNgram", "repetitionPenalty"].map((name) => [name, numbers]),
      ),
      lengthPenalty: fc.constantFrom("wu", "average", "none"),
      minTokens: lengths,
      maxTokens: lengths,
      sampling: fc.record({ temperature: numbers, topK: numbers, topP: numbers, seed: numbers }, { requiredKeys: [] }),
      other: fc.jsonValue(),
    };
    const fields = Object.entries(values).map(([name, value]) =>
      fc.tuple(fc.constant(name), fc.oneof({ weight: 9, arbitrary: value }, fc.jsonValue())),
    );
    const requests = fc
      .array(fc.oneof(...fields), { maxLength: 3 })
      .map((some) => ({ text: "a", ...Object.fromEntries(some) }));
    const kept: Record<string, number> = {};
    await fc.assert(
      fc.asyncProperty(requests, async (body) => {
        const { status, text } = await server.ask("/v1/chat", { body });
        kept[status] = (kept[status] ?? 0) + 1;
        expect([200, 400, 422], text).toContain(status);
        if (status === 200) expect(valid(body), own.errorsText(valid.errors)).toBe(true);
        if (!valid(body)) expect([400, 422], text).toContain(status);
      }),
      { numRuns: 300, seed: 1 },
    );
    expect(kept).toMatchObject({ 200: expect.any(Number), 400: expect.any(Number), 422: expect.any(Number) });
  });
});
