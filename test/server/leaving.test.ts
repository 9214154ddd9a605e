import { once } from "node:events";
import { connect } from "node:net";
import { Worker } from "node:worker_threads";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { ENDLESS, patient, rest, stream } from "./endless.ts";
import { begin, eventsOf, serveInference, serveModel, type TestServer, until } from "./running.ts";
import { CHAT, forever, ScriptedInference } from "./scripted-inference.ts";

const model = patient();

async function served(options: Parameters<typeof serveModel>[1] = {}) {
  const server = await serveModel(model, options);
  await server.ready;
  return server;
}

const idle = (server: TestServer) => until(async () => (await server.metric("jumok_busy_workers")) === 0);
const outcomes = async (server: TestServer) => ({
  answered: await server.metric("jumok_texts_total", { outcome: "answered" }),
  refused: await server.metric("jumok_texts_total", { outcome: "refused" }),
  stopped: await server.metric("jumok_texts_total", { outcome: "stopped" }),
});

describe("a client that goes away", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await served();
  });

  it("ends the writing of its answer", async () => {
    const { leave } = await stream(server.url, { text: "오늘", ...ENDLESS });
    expect(await server.metric("jumok_busy_workers")).toBe(1);
    leave();
    await idle(server);
    expect(await outcomes(server)).toEqual({ answered: 0, refused: 0, stopped: 1 });
    expect(await server.metric("jumok_steps_total")).toBeLessThan(ENDLESS.minTokens);
    expect(await server.metric("jumok_requests_total", { status: "499" })).toBe(1);
  });

  it("ends it too where it waits for the whole, and where it has not begun", async () => {
    const before = await outcomes(server);
    const [first, second] = [new AbortController(), new AbortController()];
    // Searched for otherwise, so that the second cannot join the first.
    const ask = ({ signal }: AbortController, search: object) =>
      server.ask("/v1/chat", { body: { text: "오늘", ...search }, signal }).catch((error: Error) => error.name);
    const asked = ask(first, ENDLESS);
    await until(async () => (await server.metric("jumok_busy_workers")) === 1);
    const waiting = ask(second, { ...ENDLESS, beam: 2 });
    await until(async () => (await server.metric("jumok_queue_texts")) === 1);
    second.abort();
    await until(async () => (await server.metric("jumok_queue_texts")) === 0);
    expect(await outcomes(server)).toEqual({ ...before, stopped: before.stopped + 1 });
    first.abort();
    await idle(server);
    expect(await outcomes(server)).toEqual({ ...before, stopped: before.stopped + 2 });
    expect(await Promise.all([asked, waiting])).toEqual(["AbortError", "AbortError"]);
  });

  it("leaves its batch, and the others go on", async () => {
    const search = { minTokens: { times: 200 }, maxTokens: { times: 200, plus: 20 } };
    const [long, short] = [Array(200).fill("오늘").join(" "), "커피"];
    const alone = (await server.ask("/v1/chat", { body: { text: short, ...search } })).json.answer;
    const before = await server.metric("jumok_batch_texts_count");
    const steps = await server.metric("jumok_steps_total");
    // Both wait behind another, so they share a batch.
    const other = await stream(server.url, { text: "오늘", ...ENDLESS });
    const both = [long, short].map((text) => stream(server.url, { text, ...search }));
    await until(async () => (await server.metric("jumok_queue_texts")) === 2);
    other.leave();
    const [leaving, staying] = await Promise.all(both);
    leaving.leave();
    const { text, last } = await rest(staying);
    expect({ text, event: last.event }).toEqual({ text: alone, event: "done" });
    await idle(server);
    expect(await server.metric("jumok_batch_texts_count")).toBe(before + 2);
    // Alone it would have gone on for 200 steps a token of its text.
    expect((await server.metric("jumok_steps_total")) - steps).toBeLessThan(200 * 100);
  });
});

describe("an answer that takes too long", () => {
  it("is given up", async () => {
    const server = await served({ limits: { seconds: 0.5 } });
    const { status, json } = await server.ask("/v1/chat", { body: { text: "오늘", ...ENDLESS } });
    expect({ status, json }).toEqual({
      status: 504,
      json: {
        error: {
          type: "server_error",
          code: "timeout",
          message: "the answer took longer than 0.5 s; try again later, or ask for less",
        },
      },
    });
    await idle(server);
    expect(await outcomes(server)).toEqual({ answered: 0, refused: 0, stopped: 1 });
  });

  it.each([
    ["/v1/chat", { text: "a b" }],
    ["/v1/chat/completions", { model: "", messages: [{ role: "user", content: "a b" }] }],
  ])("ends its stream with the error: %s", async (path, body) => {
    let parts = 0;
    const stuck = new ScriptedInference(CHAT, (signal) => (parts++ === 0 ? Promise.resolve() : forever(signal)));
    const server = await serveInference(stuck, { limits: { seconds: 0.1 } });
    const events = [];
    for await (const event of eventsOf(await begin(server.url + path, { body: { ...body, stream: true } })))
      events.push(event);
    expect(JSON.parse(events.at(-1)!.data)).toMatchObject({ error: { code: "timeout" } });
    expect(events.length).toBeGreaterThan(1);
  });
});

describe("too many texts", () => {
  it("are refused until there is room again", async () => {
    const server = await served({ limits: { queue: 2 } });
    const chat = (body: object) => server.ask("/v1/chat", { body: { maxTokens: 3, ...body } });
    const busy = await stream(server.url, { text: "오늘", ...ENDLESS });
    const waiting = [chat({ text: "커피" }), chat({ text: "영화" })];
    await until(async () => (await server.metric("jumok_queue_texts")) === 2);
    const refused = await chat({ text: "내일" });
    expect(refused).toMatchObject({
      status: 429,
      headers: { "retry-after": "1" },
      json: {
        error: {
          type: "rate_limit_error",
          code: "queue_full",
          message: "2 texts are waiting, and at most 2 may; try again in a moment",
        },
      },
    });
    busy.leave();
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await chat({ text: "내일" })).status).toBe(200);
  });
});

describe("a worker that is lost", () => {
  it("takes its texts with it, and is replaced", async () => {
    const threads: Worker[] = [];
    const spy = vi.spyOn(Worker.prototype, "postMessage").mockImplementation(function (this: Worker, ...message) {
      threads.push(this);
      spy.mockRestore();
      this.postMessage(...message);
    });
    const server = await served();
    const lost = await stream(server.url, { text: "오늘", ...ENDLESS });
    const waiting = server.ask("/v1/chat", { body: { text: "커피", maxTokens: 3 } });
    await until(async () => (await server.metric("jumok_queue_texts")) === 1);
    threads[0].postMessage({ type: "work" }); // there are no tasks, which the thread takes badly
    const { last } = await rest(lost);
    expect({ event: last.event, ...JSON.parse(last.data) }).toMatchObject({
      event: "error",
      error: { code: "worker_lost" },
    });
    expect((await waiting).status).toBe(200);
  });
});

describe("a server that is to end", () => {
  it("lets a stream be written to its end, and takes no new connections", async () => {
    const server = await served();
    const written = await stream(server.url, { text: "오늘", minTokens: 1500, maxTokens: 1510 });
    const drained = server.drain(100);
    await expect(server.ask("/health")).rejects.toMatchObject({ code: "ECONNREFUSED" });
    const { text, last } = await rest(written);
    expect(last.event).toBe("done");
    expect(JSON.parse(last.data).answer).toBe(text);
    expect(await drained).toBe(true);
  });

  it("waits no longer than it may", async () => {
    const server = await served();
    const endless = await stream(server.url, { text: "오늘", ...ENDLESS });
    expect(await server.drain(0.1)).toBe(false);
    await expect(rest(endless)).rejects.toThrow();
  });

  it("waits for nobody who only holds a connection", async () => {
    const server = await served();
    const silent = connect(server.port, "127.0.0.1");
    silent.on("error", () => {});
    await once(silent, "connect");
    expect(await server.drain(100)).toBe(true);
  });
});
