import { mkdtempSync, rmSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { LoadedModel } from "../../src/formats/loaded-model.ts";
import { saveModelFolder } from "../../src/formats/model-folder.ts";
import { type AppOptions, makeApp } from "../../src/server/app.ts";
import type { Inference } from "../../src/server/inference.ts";
import { type Limits, USUAL_LIMITS } from "../../src/server/limits.ts";
import { Metrics } from "../../src/server/metrics.ts";
import { plainPage } from "../../src/server/page.ts";
import { OpenRequests, type ServerEvent } from "../../src/server/request-log.ts";
import { type RunningServer, type ServerOptions, startServer } from "../../src/server/serve.ts";
import type { Serving } from "../../src/server/serving.ts";

const folder = mkdtempSync(join(tmpdir(), "jumok-server-"));
const ends: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  await Promise.all(ends.map((end) => end()));
  rmSync(folder, { recursive: true, force: true });
});

/** An answer of a server, read to its end. */
export interface Reply {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever was answered
  readonly json: any;
}

export interface Question {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a string as it is. */
  readonly body?: unknown;
  /** Whether the connection is used again. Default: no. */
  readonly signal?: AbortSignal;
}

/** Asks a server over a connection of its own. */
export async function ask(url: string, question: Question = {}): Promise<Reply> {
  const reply = await begin(url, question);
  let text = "";
  for await (const chunk of reply) text += chunk;
  return { status: reply.statusCode ?? 0, headers: reply.headers, text, json: parsed(text) };
}

/** Asks a server, and gives the answer as it comes. */
export function begin(url: string, { method, headers, body, signal }: Question): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: method ?? (body === undefined ? "GET" : "POST"),
        headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
        agent: false,
        signal,
      },
      (reply) => resolve(reply.setEncoding("utf8")),
    );
    sent.on("error", reject);
    sent.end(typeof body === "string" || body === undefined ? body : JSON.stringify(body));
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A server-sent event. */
export interface SentEvent {
  readonly event?: string;
  readonly data: string;
}

/** The events of an answer as they come. */
export async function* eventsOf(reply: AsyncIterable<string>): AsyncGenerator<SentEvent, void, undefined> {
  let rest = "";
  for await (const chunk of reply) {
    const blocks = (rest + chunk).split("\n\n");
    rest = blocks.pop() as string;
    for (const block of blocks) {
      const fields = Object.fromEntries(block.split("\n").map((line) => line.split(/: (.*)/s).slice(0, 2)));
      yield { data: "", ...fields };
    }
  }
  if (rest !== "") throw new Error(`the stream ends within an event: ${rest}`);
}

export interface TestServer {
  readonly url: string;
  readonly events: readonly ServerEvent[];
  ask(path: string, question?: Question): Promise<Reply>;
  /** The sum of a metric over those of its labels that are given. */
  metric(name: string, labels?: Readonly<Record<string, string>>): Promise<number>;
}

function testServer(url: string, events: readonly ServerEvent[], token?: string): TestServer {
  const asked = (path: string, question?: Question) => ask(url + path, question);
  return {
    url,
    events,
    ask: asked,
    async metric(name, labels = {}) {
      const { text } = await asked("/metrics", token ? { headers: { authorization: `Bearer ${token}` } } : {});
      const lines = text.split("\n").filter((line) => new RegExp(`^${name}[ {]`).test(line));
      const chosen = lines.filter((line) =>
        Object.entries(labels).every(([label, value]) => line.includes(`${label}="${value}"`)),
      );
      return chosen.reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
    },
  };
}

/** Serves a model with worker threads, as the command does, on a free port; it ends with the tests of the file. */
export async function serveModel(
  model: Pick<LoadedModel, "config" | "weights" | "tokenizer">,
  {
    limits,
    notes = {},
    ...options
  }: Partial<Omit<ServerOptions, "limits">> & { limits?: Partial<Limits>; notes?: object } = {},
): Promise<TestServer & RunningServer> {
  const path = mkdtempSync(join(folder, "model-"));
  await saveModelFolder(path, model, { ...notes });
  const events: ServerEvent[] = [];
  const server = await startServer({
    folder: path,
    name: "small",
    host: "127.0.0.1",
    port: 0,
    origins: [],
    workers: 1,
    threads: 1,
    page: plainPage,
    tell: (event) => events.push(event),
    ...options,
    limits: { ...USUAL_LIMITS, seconds: 100, ...limits },
  });
  ends.push(() => server.drain(0.1));
  return { ...testServer(server.url, events, options.token), ...server };
}

/** Serves whatever answers, without worker threads. */
export async function serveInference(
  inference: Inference,
  { limits, ...options }: Partial<Omit<AppOptions, "serving">> & { limits?: Partial<Limits> } = {},
): Promise<TestServer & { readonly serving: Serving }> {
  const events: ServerEvent[] = [];
  const serving: Serving = {
    inference,
    limits: { ...USUAL_LIMITS, ...limits },
    metrics: new Metrics(),
    name: "small",
    since: 1,
    draining: false,
  };
  const app = await makeApp({
    host: "127.0.0.1",
    origins: [],
    page: plainPage,
    open: new OpenRequests(),
    tell: (event) => events.push(event),
    ...options,
    serving,
  });
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  ends.push(async () => {
    app.server.closeAllConnections();
    await app.close();
  });
  return { ...testServer(url, events, options.token), serving };
}

/** Waits until something is so; a test in which it never is fails by its time limit. */
export async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}
