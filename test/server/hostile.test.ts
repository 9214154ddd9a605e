import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { beforeAll, describe, expect, it } from "vitest";
import { SENTENCES } from "../formats/small-models.ts";
import { patient } from "./endless.ts";
import { serveInference, serveModel, type TestServer } from "./running.ts";
import { ScriptedInference } from "./scripted-inference.ts";

let server: TestServer & { readonly port: number };
beforeAll(async () => {
  const running = await serveModel(patient(), { limits: { body: 300_000, text: 1000, receiveSeconds: 60 } });
  await running.ready;
  server = running;
});

/** Sends bytes over a connection, and reads until the server closes it. */
async function raw(port: number, ...sent: (string | Uint8Array)[]): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  for (const bytes of sent) socket.write(bytes);
  return received(socket);
}

async function received(socket: Socket): Promise<string> {
  let text = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  await once(socket, "close");
  return text;
}

const portOf = (url: string) => Number(new URL(url).port);

describe("a malformed body", () => {
  const deep = (open: string, close: string) => open.repeat(50_000) + close.repeat(50_000);

  const bodies: [body: string, status: number, message: RegExp][] = [
    ["", 400, /the body is empty/],
    ['{"text":', 400, /is not JSON/],
    ["{'text':'a'}", 400, /is not JSON/],
    ['{"text":"a"}}', 400, /is not JSON/],
    ['{"text":"a","__proto__":{"beam":1}}', 400, /is not JSON/],
    ['{"text":"a","constructor":{"prototype":{}}}', 400, /is not JSON|no such field/],
    ["null", 400, /the body: must be object, not null/],
    ["[]", 400, /the body: must be object, not an array/],
    ['"text"', 400, /the body: must be object, not string/],
    ["{}", 400, /text: give either text, or texts/],
    ['{"text":"a","texts":["b"]}', 400, /text: give either text, or texts/],
    ['{"texts":"ab"}', 400, /texts: must be array, not string/],
    ['{"texts":["a",null]}', 400, /texts.1: must be string, not null/],
    ['{"texts":[]}', 422, /texts: /],
    ['{"texts":["a"],"stream":true}', 400, /stream: must be false/],
    ['{"text":{"toString":"a"}}', 400, /text: must be string, not object/],
    ['{"text":"a","beam":"2"}', 400, /beam: must be number, not string/],
    ['{"text":"a","beam":1.5}', 400, /beam: must be int/],
    ['{"text":"a","beam":1e999}', 400, /beam: must be (int|number)/],
    ['{"text":"a","beam":17}', 422, /beam: .*16/],
    ['{"text":"a","beam":-1}', 422, /beam: /],
    ['{"text":"a","maxTokens":[]}', 400, /maxTokens: must be a whole number from 1, or/],
    ['{"text":"a","nBest":3}', 422, /nBest: must not be more than beam, not 3/],
    ['{"text":"a","sampling":{"topk":1}}', 400, /sampling.topk: there is no such field/],
    ['{"text":"a","signal":{}}', 400, /signal: there is no such field/],
    ['{"text":"a","constraint":"x"}', 400, /constraint: there is no such field/],
    [`{"text":"${"가".repeat(1001)}"}`, 422, /text: .*1000/],
    [`{"text":${deep("[", "]")}}`, 400, /text: must be string, not an array/],
    [`${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`, 400, /a: there is no such field/],
    [`{"text":"${" ".repeat(500)}"}`, 422, /the text is empty/],
    ['{"text":"\\u0000\\u0000"}', 200, /answer/],
    ['{"text":"\\ud800 \\udfff"}', 200, /answer/],
    ['{"text":"‮👩‍👩‍👧‍👦️ ﷽ \\u200b"}', 200, /answer/],
    [`{"text":"${"가나".repeat(400)}"}`, 200, /answer/],
    ['{"text":"../../../etc/passwd"}', 200, /answer/],
  ];

  it.each(bodies.map(([body, ...expected]) => [body.slice(0, 60), body, ...expected] as const))(
    "%s",
    async (...row) => {
      const [, body, status, message] = row;
      const reply = await server.ask("/v1/chat", { body: body.replace(/"}$/, '","maxTokens":3}') });
      expect({ status: reply.status, text: reply.text }).toEqual({ status, text: expect.stringMatching(message) });
    },
  );

  it("is no error inside", () => {
    expect(server.events.filter(({ type }) => type === "error")).toEqual([]);
  });

  it("may be no UTF-8, which is read as a text with gaps", async () => {
    const body = Buffer.concat([
      Buffer.from('{"maxTokens":2,"text":"'),
      Buffer.from([0xff, 0xc0, 0x80]),
      Buffer.from('"}'),
    ]);
    const head = `POST /v1/chat HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    expect(await raw(server.port, head, body)).toMatch(/^HTTP\/1.1 200 /);
  });
});

describe("a huge request", () => {
  it("is refused by its length, and when it turns out to be too long", async () => {
    const huge = { text: "a".repeat(400_000) };
    const told = { status: 413, json: { error: { code: "body_too_large" } } };
    expect(await server.ask("/v1/chat", { body: huge })).toMatchObject(told);
    const chunked = { body: JSON.stringify(huge), headers: { "transfer-encoding": "chunked" } };
    expect(await server.ask("/v1/chat", chunked)).toMatchObject(told);
  });

  it("is refused by its headers, and by its path", async () => {
    const long = await raw(server.port, `GET /health HTTP/1.1\r\nHost: localhost\r\nX: ${"a".repeat(100_000)}\r\n\r\n`);
    expect(long).toMatch(/^HTTP\/1.1 431 .*"code":"headers_too_large"/s);
    expect(await server.ask(`/${"a/".repeat(3000)}`)).toMatchObject({
      status: 404,
      json: { error: { code: "not_found" } },
    });
  });
});

describe("what is no request", () => {
  it.each([
    ["nonsense", "hello\r\n\r\n"],
    ["two lengths", "POST /v1/chat HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}"],
    [
      "a length and chunks",
      "POST /v1/chat HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n{}",
    ],
    ["a new line in a header", "GET / HTTP/1.1\r\nHost: a\nb\r\n\r\n"],
  ])("is told so: %s", async (_, bytes) => {
    expect(await raw(server.port, bytes)).toMatch(/^HTTP\/1.1 400 .*"code":"invalid_http"/s);
  });

  it.each([
    "/../../etc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/..%2f..%2fetc%2fpasswd",
    "//etc/passwd",
    "/v1/model/../../x",
  ])("%s reaches nothing", async (path) => {
    const reply = await raw(server.port, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    expect(reply).toMatch(/^HTTP\/1.1 404 .*"code":"not_found"/s);
  });

  it("tells of a path that is not well encoded", async () => {
    expect(await server.ask("/%zz")).toMatchObject({ status: 400, json: { error: { code: "invalid_url" } } });
  });

  it("tells of a method that a path does not have", async () => {
    const wrong = await server.ask("/v1/chat", { method: "PUT", body: {} });
    expect(wrong).toMatchObject({
      status: 405,
      headers: { allow: "POST" },
      json: { error: { code: "method_not_allowed" } },
    });
    expect(await server.ask("/health", { method: "DELETE" })).toMatchObject({ status: 405, headers: { allow: "GET" } });
  });
});

describe("a client that is slow", () => {
  it.each([
    ["its headers", "POST /v1/chat HTTP/1.1\r\nHost: localhost\r\nX-Slow"],
    [
      "its body",
      'POST /v1/chat HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"te',
    ],
  ])("with %s is let go, and keeps nobody waiting", async (_, beginning) => {
    const { url, ask } = await serveInference(new ScriptedInference(), { limits: { receiveSeconds: 0.3 } });
    const slow = Array.from({ length: 50 }, () => raw(portOf(url), beginning));
    expect((await ask("/v1/chat", { body: { text: "a" } })).status).toBe(200);
    for (const reply of await Promise.all(slow)) expect(reply).toMatch(/^HTTP\/1.1 408 .*"code":"request_timeout"/s);
  });
});

describe("many clients at once", () => {
  it("are all answered, each with its own answer", async () => {
    const texts = Array.from({ length: 200 }, (_, i) => SENTENCES[i % SENTENCES.length]);
    const chat = (text: string) => server.ask("/v1/chat", { body: { text, maxTokens: 20 } });
    const expected = new Map<string, string>();
    for (const text of SENTENCES) expected.set(text, (await chat(text)).json.answer);
    const counted = async () => ({
      steps: await server.metric("jumok_steps_total"),
      tokens: await server.metric("jumok_tokens_total", { direction: "written" }),
    });
    const before = await counted();
    const replies = await Promise.all(texts.map(chat));
    expect(replies.map(({ status }) => status)).toEqual(texts.map(() => 200));
    expect(replies.map(({ json }) => json.input)).toEqual(texts);
    expect(replies.map(({ json }) => json.answer)).toEqual(texts.map((text) => expected.get(text)));
    const after = await counted();
    expect(after.steps - before.steps, "a step writes for many").toBeLessThan((after.tokens - before.tokens) / 4);
  });
});
